/**
 * Runs in a network namespace: forwards a Unix socket to an address there, so that a program
 * outside can act inside.
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
