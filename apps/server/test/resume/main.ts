import { parseArgs } from 'node:util';
import { plant } from '@farandole/e2e/planting/plant';
import { createPrng } from '@farandole/kernel/prng';
import { RESUME_BUGS } from './resume-bugs.ts';
import type { ScriptName } from './resume-run.ts';

/**
 * Cuts and resumes connections. `node main.ts --seed N --cycles N` cuts at random positions, and
 * `--every-byte` at every one. `--errands` runs call steps instead of chat. The last line is JSON.
 * The exit code is 1 if a line was lost, doubled or reordered, or a session did not resume.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cycles: { type: 'string', default: '10000' },
    parallel: { type: 'string', default: '48' },
    'patience-s': { type: 'string', default: '60' },
    'every-byte': { type: 'boolean', default: false },
    errands: { type: 'boolean', default: false },
    'until-fault': { type: 'boolean', default: false },
    bug: { type: 'string' },
  },
});
if (values.bug !== undefined) plant(RESUME_BUGS, values.bug);
// These modules are imported only after the bug is planted, because an earlier import would load
// the original code.
const { isFaulty, runResumes } = await import('./resume-run.ts');
const { dealCuts, everyCut, measure, randomPlans } = await import('./plans.ts');

const seed = Number(values.seed);
const script: ScriptName = values.errands ? 'errands' : 'talk';
const settings = { seed, script, patienceMs: 1_000 * Number(values['patience-s']) };
const measured = await measure(settings);
const prng = createPrng(seed);
const plans = values['every-byte']
  ? dealCuts(everyCut(measured.resumed, prng), everyCut(measured.opening, prng))
  : randomPlans(prng, measured, Number(values.cycles), script);
const startMs = performance.now();
const startCpu = process.cpuUsage();
const outcome = isFaulty(measured)
  ? measured
  : await runResumes({
      ...settings,
      parallel: Number(values.parallel),
      stopsAtFault: values['until-fault'],
      plans,
    });
const seconds = (performance.now() - startMs) / 1_000;
const cpu = process.cpuUsage(startCpu);
const cpuSeconds = (cpu.user + cpu.system) / 1_000_000;
const { cycles, linesSent, lost, doubled, reordered, resets, failed, failures } = outcome;
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.stdout.write(
  `${JSON.stringify({
    cycles,
    linesSent,
    lost,
    doubled,
    reordered,
    resets,
    seed,
    failed,
    refused: outcome.refused,
    conversations: outcome.conversations,
    pastTheEnd: outcome.pastTheEnd,
    opening: measured.opening,
    resumed: measured.resumed,
    seconds: Math.round(seconds),
    cyclesPerCpuSecond: Math.round(cycles / cpuSeconds),
  })}\n`,
);
if (isFaulty(outcome)) process.exitCode = 1;
