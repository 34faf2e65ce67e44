import { readFile } from 'node:fs/promises';
import { CASE_KEPT_MS } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { AuditVerdict } from '@farandole/moderation/store/records';
import type { KeyRing } from '../keys/keys.ts';
import { codeOf } from '../start-error.ts';
import { readCheckpoint } from '../store/audit-checkpoint.ts';
import { AuditWitness, parseSigned, type SignedCheckpoint } from '../store/audit-witness.ts';
import { CliError } from './arguments.ts';

interface OfAudit {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly ring: Pick<KeyRing, 'subject'>;
  readonly dataDir: string;
  readonly nowMs: number;
  readonly against?: string;
}

export async function sayCheckpoint({ store, ring, dataDir, nowMs }: OfAudit): Promise<unknown> {
  const checkpoint = await store.run('audit.checkpoint', await readCheckpoint(dataDir));
  if (checkpoint === null) {
    throw new CliError(
      'The audit does not go on from where it was, or is empty: see audit verify.',
    );
  }
  return new AuditWitness(ring.subject).sign(checkpoint, nowMs);
}

/** @throws CliError if the audit was altered or doesn't continue the witness's checkpoint */
export async function verifyAudit(asked: OfAudit): Promise<unknown> {
  const { store, ring, dataDir, nowMs, against } = asked;
  const verdict = await store.run('audit.verify', await readCheckpoint(dataDir));
  if (!verdict.ok) throw broken(verdict);
  if (against === undefined) return verdict;
  const signed = await readSigned(against);
  const witness = new AuditWitness(ring.subject);
  if (signed.publicKey !== witness.publicKey || !witness.holds(signed)) {
    throw new CliError(
      `${against} is not signed by this server's key: either it was changed, or keys.json is another one than then.`,
    );
  }
  const { seq, hash, seal, at } = signed;
  if (nowMs - Date.parse(at) >= CASE_KEPT_MS) {
    throw new CliError(
      `${against} is of ${at}: all rows of then have gone by time, and there is nothing to compare it with.`,
    );
  }
  const since = await store.run('audit.verify', { seq, hash, seal });
  if (!since.ok) throw broken(since);
  return { ...since, against: { seq, at } };
}

function broken({ at }: Extract<AuditVerdict, { ok: false }>): CliError {
  return new CliError(
    `Row ${at} of the audit is not what was written, or is missing. Compare the store with ` +
      'a backup of before; whoever can write it has changed it, or its disk is damaged.',
  );
}

async function readSigned(path: string): Promise<SignedCheckpoint> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CliError(`${path} cannot be read: ${codeOf(error) ?? 'for an unknown reason'}.`);
  });
  const signed = parseSigned(text);
  if (signed === null) throw new CliError(`${path} is nothing that audit checkpoint has said.`);
  return signed;
}
