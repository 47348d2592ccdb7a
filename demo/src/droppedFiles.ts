/** All files that were dropped, also of folders. */
export async function droppedFiles(items: DataTransferItemList): Promise<File[]> {
  // The browser clears the list after the event, so it must be read before the first await.
  const entries = [...items].map((item) => item.webkitGetAsEntry());
  const files = await Promise.all(entries.filter((entry) => entry !== null).map(filesOf));
  return files.flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, reject);
      }),
    ];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // A reader returns its entries in parts, and an empty part at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (entries.length === 0) {
      return files;
    }
    files.push(...(await Promise.all(entries.map(filesOf))).flat());
  }
}
