export const KEY = new Uint8Array(32).fill(7);
export const ANOTHER_KEY = new Uint8Array(32).fill(8);
