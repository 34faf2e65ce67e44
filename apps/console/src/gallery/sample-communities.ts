import type { ShownCommunity } from '@farandole/moderation/settings/communities';
import { DAY_MS, NOW_MS } from './sample-desk.ts';

const COMMUNITY: ShownCommunity = {
  name: 'night-painters',
  title: 'Night painters of Lyon',
  language: 'en',
  rules:
    'We paint at night and talk about it.\nShow your brushes, not your neighbours.\nNo critique unless it was asked for.',
  door: 'list',
  version: 3,
  createdAtMs: NOW_MS - 40 * DAY_MS,
  closedAtMs: null,
  codes: [
    {
      id: 'code-of-the-gallery-1',
      label: 'Olga from the club',
      ...{ uses: 1, usesMax: 1, device: 'a-hash' },
      ...{ atMs: NOW_MS - 3 * DAY_MS, expiresAtMs: NOW_MS + 27 * DAY_MS },
    },
    {
      id: 'code-of-the-gallery-2',
      label: '',
      ...{ uses: 0, usesMax: 1, device: null },
      ...{ atMs: NOW_MS - DAY_MS, expiresAtMs: NOW_MS + 29 * DAY_MS },
    },
  ],
  ...{ calls: 412, reports: 9, reportsPer100Calls: (100 * 9) / 412 },
};

export const COMMUNITIES: readonly ShownCommunity[] = [
  COMMUNITY,
  {
    ...COMMUNITY,
    ...{ name: 'polyglots', title: 'Café des langues', language: 'fr', rules: '', door: 'link' },
    ...{ codes: [], calls: 0, reports: 0, reportsPer100Calls: null },
  },
  {
    ...COMMUNITY,
    ...{ name: 'spring-fair', title: 'Spring fair', rules: '', door: 'code', codes: [] },
    ...{ closedAtMs: NOW_MS - 5 * DAY_MS, calls: 57, reports: 6, reportsPer100Calls: 600 / 57 },
  },
];

/** The same as members without the permission to edit rules see it. */
export const COMMUNITIES_READ: readonly ShownCommunity[] = COMMUNITIES.map((each) => ({
  ...each,
  codes: null,
}));
