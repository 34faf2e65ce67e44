import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { askForTicket } from '@farandole/e2e/http';
import { barChart, writeChart } from '../chart.ts';
import {
  kindOf,
  noSamples,
  runtimeSettings,
  samplesOf,
  startContender,
  warmUpRounds,
  withCompared,
} from '../load/contender.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import { cpuMicrosecondsOf, cpuOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inFigures, inLines, ratioInWords, ratioOf, summarise } from '../result.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

const VERIFICATIONS = 200;
/** Time in ms of a new user's proof of work on a phone, with the server's default settings. */
const PROOF_MS = 500;
const PROVED_TICKETS = 40;
/** The first rounds aren't representative, because V8 compiles on other threads. */
const WARM_UP_ROUNDS = 4;

/**
 * Measures µs of CPU per user who connects, says hello, is matched and leaves. The baselines'
 * clients connect, are paired and leave. Clients fetch the session ticket, with a very short proof
 * of work, before the measurement. The signature check of hello is measured separately and
 * subtracted. `visit` judges the sum. A ticket with the shipped proof is measured separately too. All costs are printed.
 * With `--server DIR`, the server of another checkout takes the place of the baselines.
 */
export async function connect({
  rounds,
  connections,
  server,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? 600);
  const roundsRun = rounds ?? 5;
  const whole = noSamples();
  const ticket: number[] = [];
  const signature: number[] = [];
  const loads: GeneratorLoad[] = [];
  await withCompared(server, async (fleet, contenders) => {
    for (let round = -warmUpRounds(server, WARM_UP_ROUNDS); round < roundsRun; round++) {
      for (const { name, pid, port } of turnsOf(contenders, round)) {
        await fleet.add(name, kindOf(name), port, count);
        const prepared = await cpuOf(pid, async () => {
          await fleet.order(name, { do: 'prepare' });
        });
        const before = cpuMicrosecondsOf(pid);
        const { generator: load } = await fleet.order(name, { do: 'churn' });
        const spent = cpuMicrosecondsOf(pid) - before;
        if (round < 0) continue;
        loads.push(load);
        whole[name].push(spent / count);
        if (name === 'ours') ticket.push(prepared / count);
      }
      const verified = verifyMicroseconds();
      if (round >= 0) signature.push(verified);
    }
  });
  const proved = await provedTickets(server);
  const withoutDoor = whole.ours.map((value, round) => value - (signature[round] ?? Number.NaN));
  const unit = 'µs of CPU a person';
  const measured = samplesOf(whole, server);
  // Both checkouts check signatures, and a floor checks none. The measured check is Node's, so it
  // isn't subtracted from a figure on Bun.
  const comparison = compare(unit, server === null ? { ...measured, ours: withoutDoor } : measured);
  const withSignature = {
    ours: summarise(whole.ours),
    ratio:
      server === null || server === 'bun'
        ? ratioOf(whole.ours, whole['bare-ws'])
        : ratioOf(whole.ours, whole.there),
  };
  const door = { ticket: summarise(ticket), signature: summarise(signature), proved };
  console.log(inLines('connect: connect, hello, match, close', comparison).join('\n'));
  console.log(
    `    the door beside it: ${inFigures(door.ticket.median)} for the ticket over HTTP, ` +
      `${inFigures(door.signature.median)} for the check of the signature; ` +
      `with the latter ${inFigures(withSignature.ours.median)}, ${ratioInWords(withSignature.ratio)}`,
  );
  console.log(
    `    a ticket with the proof of work of a new user: ${inFigures(proved.server)} µs of the ` +
      `server, ${inFigures(proved.clientMs)} ms until the client has the ticket`,
  );
  const generator = worstOf(loads);
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('connect', barChart('Connect, hello, match, close', comparison));
  return {
    scenario: 'connect',
    rounds: roundsRun,
    connections: count,
    ...comparison,
    withSignature,
    door,
    generator,
    picture,
  };
}

/**
 * Measures the cost of one P-256 signature check of a key that the node doesn't have yet
 * (`apps/server/src/keys/device-checks.ts`).
 */
function verifyMicroseconds(): number {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const payload = Buffer.from('a hello of about the length of one that a page signs, with a nonce');
  const signed = sign('sha256', payload, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const key = publicKey.export({ format: 'der', type: 'spki' });
  const before = process.cpuUsage();
  for (let i = 0; i < VERIFICATIONS; i++) {
    const given = { key, format: 'der', type: 'spki', dsaEncoding: 'ieee-p1363' } as const;
    const isValid = verify('sha256', payload, given, signed);
    if (!isValid) throw new Error('a signature of our own does not verify');
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / VERIFICATIONS;
}

/**
 * Measures a ticket with the default proof of work for a new user: CPU time of the server in µs,
 * and the time in ms until one client has proved work and got the ticket.
 */
async function provedTickets(
  runtime: string | null,
): Promise<{ readonly server: number; readonly clientMs: number }> {
  const settings = { FARANDOLE_PROOF_MS: String(PROOF_MS), ...runtimeSettings(runtime) };
  const server = await startContender('ours', false, settings);
  try {
    const clientMs: number[] = [];
    const spent = await cpuOf(server.pid, async () => {
      for (let i = 0; i < PROVED_TICKETS; i++) {
        const before = performance.now();
        await askForTicket({ port: server.port, cookie: null });
        clientMs.push(performance.now() - before);
      }
    });
    return { server: spent / PROVED_TICKETS, clientMs: summarise(clientMs).median };
  } finally {
    await server.stop();
  }
}
