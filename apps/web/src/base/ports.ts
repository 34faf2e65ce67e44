/** Text kept on this device. Each throws where the browser forbids storage. */
export interface KeyValueStore {
  read(key: string): string | null;
  write(key: string, value: string): void;
  remove(key: string): void;
}

/** Whether the page is in the background. */
export interface Visibility {
  hidden(): boolean;
  listen(changed: () => void): void;
}
