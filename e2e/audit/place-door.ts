/**
 * Runs in a network namespace. Forwards a Unix socket to an address in the namespace, so that a
 * program outside can connect to it.
 */
import { connect, createServer } from 'node:net';

const [file = '', host = '', port = ''] = process.argv.slice(2);

const server = createServer((inside) => {
  const outside = connect(Number(port), host);
  for (const [from, to] of [
    [inside, outside],
    [outside, inside],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
  }
});
server.listen(file, () => console.log('open'));
