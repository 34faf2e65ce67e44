/** The browser's local storage. Each method throws if the browser forbids storage. */
export interface KeyValueStore {
  read(key: string): string | null;
  write(key: string, value: string): void;
  remove(key: string): void;
}

export interface Visibility {
  hidden(): boolean;
  listen(changed: () => void): void;
}
