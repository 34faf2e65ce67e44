import { readKeys } from '../../src/keys/keys.ts';
import { NodeSigner } from '../../src/keys/signer.ts';
import { systemClock } from '../../src/node/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { measure } from './measured.ts';

/**
 * This program makes software restrict or suspend the user of a cookie, as of two hours ago, in
 * the data of a running server. It prints the case.
 */
const [dataDir = '', cookie = '', by = ''] = process.argv.slice(2);
if (by !== 'restriction' && by !== 'hold') throw new TypeError(`no measure by software: ${by}`);
const keys = await readKeys(dataDir);
const store = await openStore({ databaseUrl: null }, dataDir, keys, 'here');
const subject = new NodeSigner(() => keys).subjectOf(cookie);
const of = await measure(store, subject, by, systemClock.wallMs() - 2 * 3_600_000);
await store.close();
process.stdout.write(`measured: ${of}\n`);
