import type { SybilOutcome } from './sybil/worlds.ts';
import type { Outcome } from './tally.ts';

type Seen = Readonly<
  Record<'full' | 'full70' | 'fullTrolls5' | 'trolls5Together' | 'nothing', Outcome>
>;

/** Returns the targets that the simulated results miss. Empty if they meet all targets. */
export function missedTargets(seen: Seen): readonly string[] {
  const { full, full70, fullTrolls5, trolls5Together, nothing } = seen;
  const newcomersAtMost = nothing.exposures.newcomers;
  const targets: Readonly<Record<string, boolean>> = {
    'at .85 at least 85 % fewer exposures': full.exposures.all <= 0.15 * nothing.exposures.all,
    'at .70 at least 70 % fewer exposures': full70.exposures.all <= 0.3 * nothing.exposures.all,
    'newcomers are never worse off than with nothing': [full, full70, fullTrolls5].every(
      ({ exposures }) => exposures.newcomers <= newcomersAtMost,
    ),
    'at most one wrong ban in 10,000 honest days': full.wrongBansPer10kDays <= 1,
    'with 5 % trolls at most 8 % of bans are wrong': fullTrolls5.wrongBans <= 0.08,
    'at most 1 % of honest sessions are restricted': full.restrictedHonest <= 0.01,
    'nor of those of whom the model misreads': full.restrictedMisread <= 0.01,
    'nor with 5 % trolls, of a network each or of one': [fullTrolls5, trolls5Together].every(
      ({ restrictedHonest }) => restrictedHonest <= 0.01,
    ),
  };
  return missedOf(targets);
}

/** Returns the targets that the simulated attacks miss. Empty if they meet all targets. */
export function missedBySybils(seen: SybilOutcome): readonly string[] {
  const { oneNetwork, threeNetworks, eightNetworks, farmed, withStrangers } = seen;
  return missedOf({
    'one network restricts and holds no user': oneNetwork.restricted + oneNetwork.held === 0,
    'nor do three networks': threeNetworks.restricted + threeNetworks.held === 0,
    'eight networks hold no user': eightNetworks.held === 0,
    'cookies that call each other are never proven': seen.farmedProven === 0,
    'and restrict and hold no user': farmed.restricted + farmed.held === 0,
    'one proven attacker holds no user': withStrangers.held === 0,
    'a cleared user has the former tier': seen.clearedStillRestricted === 0,
    'eight newcomers stop a serial flasher': seen.flasherReporters <= 8,
  });
}

function missedOf(targets: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.keys(targets).filter((target) => targets[target] === false);
}
