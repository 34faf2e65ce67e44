import type { AuditTrail, Records } from './records.ts';

/** How a command arrived if not from the console. `operator` is the command line. */
export type Via = 'operator';

export function recordsVia(records: Records, via: Via): Records {
  const { audit } = records;
  return recordsAppending(records, (entry) =>
    audit.append({ ...entry, details: { ...entry.details, via } }),
  );
}

/** Returns the records with another way to append to the audit. */
export function recordsAppending(records: Records, append: AuditTrail['append']): Records {
  const { audit } = records;
  const changed: AuditTrail = {
    append,
    after: (seq, limit) => audit.after(seq, limit),
    of: (about, limit) => audit.of(about, limit),
    head: () => audit.head(),
    countAbout: (by, action, fromMs) => audit.countAbout(by, action, fromMs),
    countOf: (by, action, fromMs) => audit.countOf(by, action, fromMs),
    lastOf: (actions) => audit.lastOf(actions),
    ofActions: (actions, seq, limit) => audit.ofActions(actions, seq, limit),
    verify: (known) => audit.verify(known),
    checkpoint: (known) => audit.checkpoint(known),
    forget: (about) => audit.forget(about),
    prune: (atMs, limit) => audit.prune(atMs, limit),
  };
  return { ...records, audit: changed };
}
