/**
 * Roles of the permission table, which the console, the command line and scheduled jobs all
 * check.
 */
export const ROLES = [
  'triage',
  'moderator',
  'child-safety',
  'senior',
  'rules',
  'admin',
  'auditor',
] as const;

export type Role = (typeof ROLES)[number];

export const ACTIONS = [
  'queue.read',
  'case.read',
  'case.read-child-safety',
  'case.assign',
  'case.prioritise',
  'case.escalate',
  'case.decide',
  'case.decide-child-safety',
  'case.reopen',
  'evidence.reveal',
  'evidence.reveal-sealed',
  'evidence.allow-more',
  'evidence.delete-early',
  'sample.review',
  'sanction.permanent',
  'sanction.network',
  'sanction.bulk',
  'sanction.lift',
  'appeal.decide',
  'approval.give',
  'rules.edit',
  'settings.edit',
  'member.manage',
  'numbers.read',
  'audit.read',
  'transparency.read',
] as const;

export type Action = (typeof ACTIONS)[number];

const MODERATES: readonly Action[] = [
  'queue.read',
  'case.read',
  'case.assign',
  'case.prioritise',
  'case.escalate',
  'numbers.read',
];

const DECIDES: readonly Action[] = [
  ...MODERATES,
  'case.decide',
  'case.reopen',
  'evidence.reveal',
  'appeal.decide',
  'sanction.permanent',
];

const TABLE: Readonly<Record<Role, ReadonlySet<Action>>> = {
  // A triage member sorts and forwards cases, but never sees a picture.
  triage: new Set(MODERATES),
  moderator: new Set(DECIDES),
  'child-safety': new Set([
    ...DECIDES,
    'case.read-child-safety',
    'case.decide-child-safety',
    'evidence.reveal-sealed',
    'evidence.delete-early',
    'approval.give',
  ]),
  senior: new Set([
    ...DECIDES,
    'sanction.network',
    'sanction.bulk',
    'sanction.lift',
    'evidence.allow-more',
    'sample.review',
    'approval.give',
  ]),
  rules: new Set(['rules.edit', 'numbers.read']),
  // An admin runs the server but can't read cases, because the most powerful role shouldn't also
  // see users.
  admin: new Set([
    'rules.edit',
    'settings.edit',
    'member.manage',
    'numbers.read',
    'transparency.read',
    'approval.give',
  ]),
  auditor: new Set(['audit.read', 'numbers.read', 'transparency.read']),
};

export function may(roles: readonly Role[], action: Action): boolean {
  return roles.some((role) => TABLE[role].has(action));
}

export function rolesThatMay(action: Action): readonly Role[] {
  return ROLES.filter((role) => TABLE[role].has(action));
}

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** Returns whether the value is a list of known roles without duplicates. */
export function areRoles(value: unknown): boolean {
  if (!Array.isArray(value) || new Set(value).size < value.length) return false;
  return value.every((one) => typeof one === 'string' && isRole(one));
}
