import { readFile } from 'node:fs/promises';
import { CASE_KEPT_MS } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { AuditVerdict } from '@farandole/moderation/store/records';
import type { ServerKeys } from '../keys/keys.ts';
import { codeOf } from '../start-error.ts';
import { readCheckpoint } from '../store/audit-checkpoint.ts';
import { AuditWitness, parseSigned, type SignedCheckpoint } from '../store/audit-witness.ts';
import { CliError } from './arguments.ts';

interface OfAudit {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly ring: Pick<ServerKeys, 'subject'>;
  readonly dataDir: string;
  readonly nowMs: number;
  readonly against?: string;
}

export async function sayCheckpoint({ store, ring, dataDir, nowMs }: OfAudit): Promise<unknown> {
  const checkpoint = await store.run('audit.checkpoint', await readCheckpoint(dataDir));
  if (checkpoint === null) {
    throw new CliError(
      'The audit is empty or doesn’t continue its last checkpoint. Run audit verify.',
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
      `${against} isn't signed with this server's key: it was changed, or keys.json was replaced.`,
    );
  }
  const { seq, hash, seal, at } = signed;
  if (nowMs - Date.parse(at) >= CASE_KEPT_MS) {
    throw new CliError(
      `${against} is of ${at}: all rows of that time have expired, so there is nothing to compare it with.`,
    );
  }
  const since = await store.run('audit.verify', { seq, hash, seal });
  if (!since.ok) throw broken(since);
  return { ...since, against: { seq, at } };
}

function broken({ at }: Extract<AuditVerdict, { ok: false }>): CliError {
  return new CliError(
    `Row ${at} of the audit was changed or is missing. Compare the store with ` +
      'an older backup. Somebody with write access changed it, or its disk is damaged.',
  );
}

async function readSigned(path: string): Promise<SignedCheckpoint> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CliError(`${path} cannot be read: ${codeOf(error) ?? 'for an unknown reason'}.`);
  });
  const signed = parseSigned(text);
  if (signed === null) throw new CliError(`${path} isn't the output of audit checkpoint.`);
  return signed;
}
