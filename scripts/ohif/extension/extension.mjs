/** The built extension, as OHIF loads it by its address; the page's tests find the package here. */
import * as library from './index.js';
import extension from './ohif.js';

window.ohifTest.library = library;

export default extension;
