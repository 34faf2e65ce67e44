/**
 * This program runs in a network namespace and listens on UDP and TCP ports. It prints a line
 * per packet and connection, such as `heard udp 127.0.0.1 5000`. Arguments: addresses, `--`,
 * ports.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv4 } from 'node:net';

const given = process.argv.slice(2);
const addresses = given.slice(0, given.indexOf('--'));
const ports = given.slice(given.indexOf('--') + 1).map(Number);

for (const address of addresses) {
  for (const port of ports) {
    const udp = createSocket(isIPv4(address) ? 'udp4' : 'udp6');
    udp.on('message', () => console.log(`heard udp ${address} ${port}`));
    udp.bind(port, address);
    await once(udp, 'listening');
    const tcp = createServer((socket) => {
      console.log(`heard tcp ${address} ${port}`);
      socket.on('error', () => {});
      socket.resume();
    });
    tcp.listen(port, address);
    await once(tcp, 'listening');
  }
}
console.log(`listening at ${addresses.length * ports.length} places`);
