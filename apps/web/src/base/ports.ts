/** Local storage. Methods throw where the browser forbids it. */
export interface KeyValueStore {
  read(key: string): string | null;
  write(key: string, value: string): void;
  remove(key: string): void;
}

export interface Visibility {
  hidden(): boolean;
  listen(changed: () => void): void;
}
