import { startFarandole } from './farandole.ts';

/**
 * Global setup of the stories. Fills Node's compile cache, because Node writes it only when a
 * process exits normally, and stories kill their nodes.
 */
export default async function compileNode(): Promise<void> {
  const node = await startFarandole();
  await node.kill('SIGTERM');
  await node.stop();
}
