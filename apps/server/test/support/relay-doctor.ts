import { examineRelay } from '../../src/cli/relay-check.ts';
import { systemClock } from '../../src/node/system-clock.ts';
import { testConfig } from './test-server.ts';

/**
 * This program runs in the network namespace of a relay. It checks the relay with each of the given
 * settings, and prints what `doctor` would say as a JSON list.
 */
const envs = JSON.parse(process.argv[2] ?? '[]') as Readonly<Record<string, string>>[];
const said = await Promise.all(
  envs.map(async (env) => {
    const findings = await examineRelay(testConfig(env), systemClock.wallMs());
    return findings.map(({ is, says }) => `${is} ${says}`).join('\n');
  }),
);
console.log(JSON.stringify(said));
