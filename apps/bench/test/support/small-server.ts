/** A server that leaks memory or open files. Tests check that the soak test finds the leak. */
import { openSync } from 'node:fs';
import { createServer } from 'node:http';

const [, , habit] = process.argv;
const hoard: number[][] = [];

const server = createServer((_, response) => {
  // An array of 12,800 non-integer numbers of eight bytes takes 100 KiB.
  if (habit === 'hoards') hoard.push(Array.from({ length: 12_800 }, () => Math.random()));
  if (habit === 'never-closes') openSync('/dev/null', 'r');
  response.end(`${hoard.length}`);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`listening ${address.port}`);
});
