import type { Plugin } from 'vite';

/** The backend's other program, with threads, and the worker that it would make out of a string. */
const THREADED = /tfjs-backend-wasm-threaded-simd(?:\.worker)?\.js$/u;

/**
 * Leaves the threaded half of TensorFlow.js's wasm backend out of the worker. It would never run
 * (the page is not isolated from other origins), and a string that becomes a worker has no place
 * under Trusted Types.
 */
export function withoutThreads(): Plugin {
  return {
    name: 'farandole-without-threads',
    enforce: 'pre',
    load: (id) =>
      THREADED.test(id) ? 'export default null; export const wasmWorkerContents = null;' : null,
  };
}
