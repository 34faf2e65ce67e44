import '../styles/living-picture.css';
import { useEffect, useState } from 'preact/hooks';
import { Hand, PEOPLE, PORTRAIT, Portrait } from './living-people.tsx';

type Name = keyof typeof PEOPLE;

const VIEW_BOX = `0 0 ${PORTRAIT.width} ${PORTRAIT.height}`;
const NAMES = Object.keys(PEOPLE) as readonly Name[];

let hasPlayed = false;

/**
 * Two drawn people meet: one stranger appears covered, waves, becomes clear, and the next one
 * comes. The drawing moves once per visit for five seconds. Its last frame is also the still that
 * users with reduced motion see. It says nothing that the page doesn't also say in words.
 */
export function LivingPicture() {
  const [isStill] = useState(hasPlayed);
  useEffect(() => {
    hasPlayed = true;
  }, []);
  return (
    <div class={isStill ? 'living still' : 'living'} aria-hidden="true">
      <svg class="living-parts" width="0" height="0">
        <defs>
          {NAMES.map((name) => (
            <g key={name} id={`drawn-${name}`}>
              <Portrait person={PEOPLE[name]} />
            </g>
          ))}
        </defs>
      </svg>
      <div class="living-side">
        <Shown name="mira" />
        <Waving name="mira" />
      </div>
      <div class="living-side">
        <Stranger name="sam" order="first" />
        <Stranger name="ruth" order="second" />
      </div>
    </div>
  );
}

function Stranger({ name, order }: { name: Name; order: 'first' | 'second' }) {
  return (
    <div class={`living-stranger ${order}`}>
      <Shown name={name} />
      <Waving name={name} />
      <div class="living-cover">
        <Shown name={name} />
      </div>
      {/* The sign of a wave, as in a call. */}
      <svg class="living-sign" viewBox="0 0 24 24" width="56" height="56">
        <path
          fill="none"
          stroke="#fff"
          stroke-width="1.8"
          stroke-linecap="round"
          stroke-linejoin="round"
          d="M8 13V6a1.6 1.6 0 0 1 3.2 0v5V4.6a1.6 1.6 0 0 1 3.2 0V11V6.5a1.6 1.6 0 0 1 3.2 0V14a7 7 0 0 1-7 7c-3.4 0-5-2-7.4-6.2a1.6 1.6 0 0 1 2.7-1.6L8 15M20 3c1 1 1.6 2 1.8 3.2M2.200 8C2.400 6.5 3 5.300 4 4.300"
        />
      </svg>
    </div>
  );
}

function Shown({ name }: { name: Name }) {
  return (
    <svg viewBox={VIEW_BOX} preserveAspectRatio="xMidYMid slice">
      <use href={`#drawn-${name}`} />
    </svg>
  );
}

function Waving({ name }: { name: Name }) {
  return (
    <svg viewBox={VIEW_BOX} preserveAspectRatio="xMidYMid slice">
      <g class={`living-hand of-${name}`}>
        <g transform="translate(220 284) rotate(8)">
          <Hand person={PEOPLE[name]} />
        </g>
      </g>
    </svg>
  );
}
