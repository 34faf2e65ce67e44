#!/usr/bin/env node
import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { WebSocket, WebSocketServer } from 'ws';

/**
 * Starts Firefox with the given arguments and proxies Playwright's protocol, because Debian's
 * Firefox lacks a command that Playwright sends for every profile. Prints the address on which it
 * listens, and ends when Firefox ends.
 */

/** Path of the Firefox program, by default Debian's. */
const FIREFOX = process.env['FIREFOX'] ?? '/usr/bin/firefox-esr';

/**
 * The command that sets a light or dark colour scheme. The proxy answers this command itself and
 * does nothing.
 */
const UNKNOWN_TO_FIREFOX = 'emulation.setMediaFeaturesOverride';

interface Command {
  readonly id: number;
  readonly method: string;
}

const firefox = spawn(FIREFOX, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'pipe'] });
firefox.once('error', (error) => {
  console.error(`${FIREFOX}: ${error.message}`);
  process.exit(1);
});
firefox.once('exit', (code) => process.exit(code ?? 1));
createInterface({ input: firefox.stderr }).on('line', (line) => {
  const address = /^WebDriver BiDi listening on (ws:\S+)$/.exec(line)?.[1];
  if (address === undefined) console.error(line);
  else listen(address);
});

function listen(address: string): void {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (driver) => relay(driver, new WebSocket(`${address}/session`)));
  server.once('listening', () => {
    const { port } = server.address() as AddressInfo;
    console.error(`WebDriver BiDi listening on ws://127.0.0.1:${port}`);
  });
}

function relay(driver: WebSocket, browser: WebSocket): void {
  driver.pause();
  browser.once('open', () => driver.resume());
  driver.on('message', (data: Buffer) => {
    const { id, method } = JSON.parse(data.toString()) as Command;
    if (method !== UNKNOWN_TO_FIREFOX) browser.send(data.toString());
    else driver.send(JSON.stringify({ type: 'success', id, result: {} }));
  });
  browser.on('message', (data: Buffer) => driver.send(data.toString()));
  driver.once('close', () => browser.close());
  browser.once('close', () => driver.close());
}
