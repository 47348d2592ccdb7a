/** The built extension, as OHIF loads it by its address. */
import * as library from './index.js';
import extension from './ohif/index.js';
import { pageTools } from './pageTools.js';

window.ohifTest.library = library;
window.ohifTest.tools = pageTools;

export default extension;
