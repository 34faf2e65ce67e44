import { startFarandole } from './farandole.ts';

/**
 * Global setup: fills Node's compile cache. Node writes it only at a normal exit, and stories kill
 * their nodes.
 */
export default async function compileNode(): Promise<void> {
  const node = await startFarandole();
  await node.kill('SIGTERM');
  await node.stop();
}
