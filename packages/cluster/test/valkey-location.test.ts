import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseValkeyUrl } from '../src/valkey/location.ts';

const PLAIN = { service: null, isTls: false, user: null, password: null };

describe('the URL of Valkey', () => {
  it('[CL-100] names one server, with or without TLS, user and password', () => {
    const good = {
      'valkey://localhost': { ...PLAIN, hosts: [{ host: 'localhost', port: 6379 }] },
      'redis://10.0.0.1:7000/': { ...PLAIN, hosts: [{ host: '10.0.0.1', port: 7000 }] },
      'valkeys://[::1]:6380': { ...PLAIN, isTls: true, hosts: [{ host: '::1', port: 6380 }] },
      'rediss://:p%40ss@v.example.org': {
        ...PLAIN,
        isTls: true,
        password: 'p@ss',
        hosts: [{ host: 'v.example.org', port: 6379 }],
      },
      'valkey://ada:x:y@h': {
        ...PLAIN,
        user: 'ada',
        password: 'x:y',
        hosts: [{ host: 'h', port: 6379 }],
      },
    };
    for (const [url, value] of Object.entries(good)) {
      assert.deepEqual(parseValkeyUrl(url), { ok: true, value }, url);
    }
  });

  it('[CL-100] names Sentinels and their service', () => {
    assert.deepEqual(parseValkeyUrl('valkey+sentinel://:pw@h1,h2:26380,h3/main'), {
      ok: true,
      value: {
        ...PLAIN,
        password: 'pw',
        service: 'main',
        hosts: [
          { host: 'h1', port: 26379 },
          { host: 'h2', port: 26380 },
          { host: 'h3', port: 26379 },
        ],
      },
    });
  });

  it('[CL-100] refuses any other URL and repeats no secret', () => {
    const bad = [
      'localhost:6379',
      'http://localhost',
      'valkey://',
      'valkey://:secret@',
      'valkey://:secret@h1,h2',
      'valkey://:secret@h/1',
      'valkey://:secret@h:0',
      'valkey://:secret@h:65536',
      'valkey://:secret%@h',
      'valkey://:secret@-h',
      'valkey+sentinel://:secret@h1',
      'valkey+sentinel://:secret@h1/a b',
    ];
    for (const url of bad) {
      const parsed = parseValkeyUrl(url);
      assert.equal(parsed.ok, false, url);
      assert.doesNotMatch(parsed.ok ? '' : parsed.problem, /secret/);
    }
  });
});
