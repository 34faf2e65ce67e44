/**
 * This program runs in a network namespace. It forwards a Unix socket to an address in the
 * namespace, so that a program outside can connect to that address.
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
