import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesOneHost } from '../src/net/site.ts';

function names(url: string, ...hosts: readonly string[]): boolean {
  // If a request has several Host headers, Node's `headers` contains only the first one.
  const headers = hosts[0] === undefined ? {} : { host: hosts[0] };
  const rawHeaders = ['Accept', '*/*', ...hosts.flatMap((host) => ['HOST', host])];
  return namesOneHost({ url, headers, rawHeaders });
}

test('accepts only requests that name exactly one host', () => {
  assert.equal(names('/', 'meet.example.org'), true);
  assert.equal(names('/?to=http://evil.example/', 'meet.example.org'), true);
  assert.equal(names('//evil.example/', 'meet.example.org'), true);
  assert.equal(names('http://meet.example.org/x', 'Meet.example.org'), true);
  assert.equal(names('HTTP://MEET.example.org', 'meet.example.org'), true);
  assert.equal(names('*', 'meet.example.org'), true);
  // Another test covers a request without a Host header.
  assert.equal(names('/'), true);
  assert.equal(names('/', 'meet.example.org', 'meet.example.org'), false);
  assert.equal(names('/', 'meet.example.org', 'evil.example'), false);
  assert.equal(names('http://evil.example/', 'meet.example.org'), false);
  assert.equal(names('http://meet.example.org:81/', 'meet.example.org'), false);
  assert.equal(names('http://meet.example.org@evil.example/', 'meet.example.org'), false);
  assert.equal(names('http://meet.example.org/'), false);
});
