import { StartError } from '../start-error.ts';
import { oneOf, setting } from './setting.ts';

export type Runtime = 'node' | 'bun';

export const RUNTIME_SETTINGS = {
  FARANDOLE_RUNTIME: setting<Runtime>({
    right: 'Give node or bun.',
    defaultText: 'node',
    purpose:
      'The program that runs the server. `bun`, on trial, needs less CPU time and bounds hostile clients less. It needs a listed proxy in front wherever others reach the server, and a copy of the repository, because an archive holds only Node. Set it in the environment.',
    parse: oneOf(['node', 'bun']),
  }),
};

/** The program that runs this process. */
export const RUNNING: Runtime = process.versions.bun === undefined ? 'node' : 'bun';

/**
 * Refuses to start in another program than the setting names. On Bun, the package `ws` ignores the
 * size limit of frames, so the transport of Node may not run there.
 *
 * @throws StartError
 */
export function checkRuntime(named: Runtime, running: Runtime = RUNNING): void {
  if (named === running) return;
  throw new StartError(
    running === 'bun'
      ? 'This process runs on Bun, but FARANDOLE_RUNTIME is node. On Bun, the WebSockets of Node have no size limit. Set FARANDOLE_RUNTIME=bun, or start with npm start.'
      : 'FARANDOLE_RUNTIME is bun, but this process runs on Node.js. Set it in the environment and start with npm start, or unset it.',
  );
}
