import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openBrowserSocket } from '../src/signal/browser-signal.ts';

/** Returns the WebSocket URL that a page at this address opens. */
function openedFrom(t: TestContext, href: string): string {
  const asked: string[] = [];
  class Recorder extends EventTarget {
    constructor(url: URL | string, ...others: readonly unknown[]) {
      super();
      assert.deepEqual(others, [['farandole', 'a-ticket']]);
      asked.push(String(url));
    }
  }
  const before = {
    WebSocket: Object.getOwnPropertyDescriptor(globalThis, 'WebSocket'),
    location: Object.getOwnPropertyDescriptor(globalThis, 'location'),
  };
  t.after(() => {
    for (const [name, property] of Object.entries(before)) {
      if (property === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, property);
    }
  });
  Object.defineProperty(globalThis, 'WebSocket', { value: Recorder, configurable: true });
  Object.defineProperty(globalThis, 'location', { value: { href }, configurable: true });
  openBrowserSocket({ message: () => {}, closed: () => {} }, 'a-ticket');
  const [url, ...more] = asked;
  assert.deepEqual(more, []);
  return url ?? '';
}

test('[PR-10a] opens a TLS socket and offers the ticket as a subprotocol, not in the address', (t) => {
  assert.equal(openedFrom(t, 'https://meet.example.org/?a=b#safety'), 'wss://meet.example.org/ws');
  assert.equal(openedFrom(t, 'https://meet.example.org:8443/'), 'wss://meet.example.org:8443/ws');
});

test('opens an unencrypted socket only on localhost', (t) => {
  assert.equal(openedFrom(t, 'http://localhost:8080/'), 'ws://localhost:8080/ws');
});
