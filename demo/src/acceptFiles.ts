import { droppedFiles } from './droppedFiles.js';
import { byId } from './page.js';

/**
 * Reads files and folders that are dropped on the page, or chosen with its button.
 *
 * @param onFiles - gets all files, also of folders; never called with an empty list
 * @param onError - called when they cannot be listed
 */
export function acceptFiles(
  onFiles: (files: readonly File[]) => void,
  onError: (error: unknown) => void,
): void {
  const hand = (files: readonly File[]): void => {
    if (files.length > 0) {
      onFiles(files);
    }
  };
  const input = byId('folder', HTMLInputElement);
  input.addEventListener('change', () => {
    hand([...(input.files ?? [])]);
    input.value = '';
  });
  const { body } = document;
  let depth = 0;
  const mark = (change: number): void => {
    depth = Math.max(0, depth + change);
    body.toggleAttribute('data-drop', depth > 0);
  };
  body.addEventListener('dragenter', () => {
    mark(1);
  });
  body.addEventListener('dragleave', () => {
    mark(-1);
  });
  body.addEventListener('dragover', (event) => {
    event.preventDefault();
  });
  body.addEventListener('drop', (event) => {
    event.preventDefault();
    mark(-depth);
    if (event.dataTransfer) {
      void droppedFiles(event.dataTransfer.items).then(hand, onError);
    }
  });
}
