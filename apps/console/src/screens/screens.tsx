import type { Action } from '@farandole/accounts/roles';
import type { ConsoleCounts } from '@farandole/protocol/console-api';
import type { ComponentType } from 'preact';
import type { WordKey } from '../i18n/words.ts';
import type { IconName } from '../parts/icon.tsx';
import { Alerts } from './alerts.tsx';
import { Appeals } from './appeals.tsx';
import { Approvals } from './approvals.tsx';
import { Audit } from './audit.tsx';
import { Case } from './case.tsx';
import { Communities } from './communities.tsx';
import { Fold } from './fold.tsx';
import { Hours } from './hours.tsx';
import { Members } from './members.tsx';
import { Numbers } from './numbers.tsx';
import { Queue } from './queue.tsx';
import { Rules } from './rules.tsx';
import { Security } from './security.tsx';
import { Server } from './server.tsx';

export interface Screen {
  /** Name of the screen in the console's address, after `#/`. */
  readonly name: string;
  readonly title: WordKey;
  readonly draw: ComponentType;
  /**
   * Permissions of which a member needs one to open the screen; null means that a session is
   * enough. The node checks permissions too.
   */
  readonly may: readonly Action[] | null;
  /** Label of the screen's link; null if the navigation doesn't list the screen. */
  readonly icon: IconName | null;
  readonly count?: Exclude<keyof ConsoleCounts['counts'], 'alert'>;
}

/** All screens in the order of the navigation. The first one is the default screen. */
export const SCREENS: readonly Screen[] = [
  {
    name: 'queue',
    title: 'screen.queue',
    draw: Queue,
    may: ['queue.read'],
    icon: 'queue',
    count: 'waiting',
  },
  { name: 'case', title: 'screen.case', draw: Case, may: ['case.read'], icon: null },
  { name: 'fold', title: 'screen.fold', draw: Fold, may: ['queue.read'], icon: null },
  {
    name: 'approvals',
    title: 'screen.approvals',
    draw: Approvals,
    may: ['approval.give', 'sanction.permanent'],
    icon: 'approvals',
    count: 'approvals',
  },
  {
    name: 'appeals',
    title: 'screen.appeals',
    draw: Appeals,
    may: ['appeal.decide'],
    icon: 'appeals',
    count: 'appeals',
  },
  { name: 'alerts', title: 'alerts.screen', draw: Alerts, may: null, icon: 'bell' },
  {
    name: 'numbers',
    title: 'screen.numbers',
    draw: Numbers,
    may: ['numbers.read'],
    icon: 'numbers',
  },
  { name: 'audit', title: 'screen.audit', draw: Audit, may: ['audit.read'], icon: 'audit' },
  {
    name: 'members',
    title: 'screen.members',
    draw: Members,
    may: ['member.manage'],
    icon: 'two',
  },
  {
    name: 'communities',
    title: 'screen.communities',
    draw: Communities,
    may: ['numbers.read'],
    icon: 'communities',
  },
  {
    name: 'server',
    title: 'server.screen',
    draw: Server,
    may: ['settings.edit'],
    icon: 'server',
  },
  { name: 'security', title: 'screen.security', draw: Security, may: null, icon: 'shield' },
  {
    name: 'hours',
    title: 'screen.hours',
    draw: Hours,
    may: ['rules.edit'],
    icon: 'clock',
  },
  { name: 'rules', title: 'screen.rules', draw: Rules, may: null, icon: 'rules' },
];
