/**
 * A program for a place: passes what comes to a socket file on to an address of that place's
 * network, so that a program outside of it can be somebody there.
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
