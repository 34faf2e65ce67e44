import type { Plugin } from 'vite';

/** The backend's threaded program and the worker that it builds from a string. */
const THREADED = /tfjs-backend-wasm-threaded-simd(?:\.worker)?\.js$/u;

/**
 * Removes the threaded part of TensorFlow.js's wasm backend. It can't run (the page isn't
 * cross-origin isolated), and Trusted Types forbid a worker built from a string.
 */
export function withoutThreads(): Plugin {
  return {
    name: 'farandole-without-threads',
    enforce: 'pre',
    load: (id) =>
      THREADED.test(id) ? 'export default null; export const wasmWorkerContents = null;' : null,
  };
}
