import type { ComponentChildren } from 'preact';

/** Size of the drawing of one person in a room, in units of its coordinates. */
export const PORTRAIT = { width: 300, height: 400 } as const;

interface Skin {
  readonly light: string;
  readonly mid: string;
  readonly dark: string;
}

interface Person {
  readonly skin: Skin;
  readonly shirt: string;
  readonly collar: string;
  /** Colour of the eyebrows. */
  readonly brows: string;
  readonly lips: string;
  readonly behind: ComponentChildren;
  /** What lies on the cheeks but below eyes and mouth, such as a beard. */
  readonly onFace?: ComponentChildren;
  readonly before: ComponentChildren;
  readonly room: ComponentChildren;
}

const mira: Person = {
  skin: { light: '#f0bd96', mid: '#e8b088', dark: '#cf9168' },
  shirt: '#5546c2',
  collar: '#7f72e2',
  brows: '#2b2036',
  lips: '#9c3443',
  behind: (
    <path
      fill="#2b2036"
      d="M76 172c-8-76 30-108 74-108s82 32 74 108c0 40 8 70-4 92-16 12-32 8-38-4h-64c-6 12-22 16-38 4-12-22-4-52-4-92Z"
    />
  ),
  before: (
    <>
      <path
        fill="#2b2036"
        d="M88 172c-6-58 22-86 62-86s68 28 62 86c-4-28-14-44-32-52-20 16-52 22-80 18-6 10-10 20-12 34Z"
      />
      <path fill="#f2a33a" d="M90 194a6 6 0 1 0 .01 0M210 194a6 6 0 1 0 .01 0" />
    </>
  ),
  room: (
    <>
      <rect class="room-sand" width="300" height="400" />
      <path class="room-lit" d="M60 28a42 42 0 1 0 .01 0" />
      <rect class="room-pane" x="196" y="34" width="74" height="58" rx="6" />
      <path fill="#f2a33a" d="m200 88 22-28 16 18 12-12 16 22Z" />
      <path
        fill="#1f7a5a"
        d="M42 300c-40-50-30-100-10-130 18 40 22 84 10 130 0-60 26-90 54-100-4 46-24 80-54 100Z"
      />
    </>
  ),
};

const sam: Person = {
  skin: { light: '#80502f', mid: '#74452b', dark: '#5a331d' },
  shirt: '#ee9a2c',
  collar: '#ffd08a',
  brows: '#1e1411',
  lips: '#7d2a30',
  behind: (
    <path
      fill="#1e1411"
      d="M150 28a34 34 0 0 0-26 14 34 34 0 0 0-45 44 32 32 0 0 0-17 52 22 22 0 0 0 18 36h140a22 22 0 0 0 18-36 32 32 0 0 0-17-52 34 34 0 0 0-45-44 34 34 0 0 0-26-14Z"
    />
  ),
  onFace: (
    <path
      fill="#1e1411"
      d="M92 176c2 52 24 80 58 80s56-28 58-80c-4 20-10 26-20 26-14-8-26-8-38-4-12-4-24-4-38 4-10 0-16-6-20-26Z"
    />
  ),
  before: (
    <path
      fill="#1e1411"
      d="M90 160c-4-46 22-78 60-78s64 32 60 78c-4-22-12-36-26-42-22-6-46-6-68 0-14 6-22 20-26 42Z"
    />
  ),
  room: (
    <>
      <rect class="room-violet" width="300" height="400" />
      <rect class="room-sky" x="186" y="24" width="96" height="124" rx="8" />
      <path fill="none" class="room-frame" stroke-width="7" d="M234 24v124M186 86h96" />
      <path stroke="#6a5bd0" stroke-width="9" d="M0 118h84" />
      <rect x="12" y="66" width="14" height="48" rx="3" fill="#f2a33a" />
      <rect x="30" y="58" width="16" height="56" rx="3" fill="#fff" />
      <rect x="50" y="72" width="12" height="42" rx="3" fill="#4b3fb5" />
    </>
  ),
};

const ruth: Person = {
  skin: { light: '#f7d0b5', mid: '#f0c3a6', dark: '#d69f80' },
  shirt: '#1f7a5a',
  collar: '#6fd3a8',
  brows: '#a39db3',
  lips: '#b03a48',
  behind: (
    <>
      <path fill="#cfcbd8" d="M150 20a32 32 0 1 0 .01 0" />
      <path
        fill="#cfcbd8"
        d="M80 168c-12-66 22-104 70-104s82 38 70 104c-2 26-12 34-14 14H94c-2 20-12 12-14-14Z"
      />
    </>
  ),
  onFace: (
    <path
      fill="#ffffff66"
      stroke="#4b3fb5"
      stroke-width="5"
      stroke-linecap="round"
      d="M125 150a21 21 0 1 0 .01 0M175 150a21 21 0 1 0 .01 0M146 168q4-4 8 0M104 168l-12-4M196 168l12-4"
    />
  ),
  before: (
    <path
      fill="#dedbe6"
      d="M90 166c-6-52 22-82 62-82 38 0 64 30 58 82-4-30-22-48-50-54-18 18-42 26-60 26-6 8-8 16-10 28Z"
    />
  ),
  room: (
    <>
      <rect class="room-rose" width="300" height="400" />
      <path stroke="#8c3b2c" stroke-width="5" d="M236 0v60" />
      <path fill="#fff0cc" d="M198 104q4-46 38-46t38 46Z" />
      <path class="room-lit" d="M52 66a38 38 0 1 0 .01 0" />
      <path
        fill="none"
        stroke="#8c3b2c"
        stroke-width="6"
        stroke-linecap="round"
        d="M52 84v20l12 9"
      />
    </>
  ),
};

/** Three drawn adults. Their names are only names in the code. */
export const PEOPLE = { mira, sam, ruth } as const;

/** Draws a person and the room behind, without the hand. */
export function Portrait({ person }: { person: Person }) {
  const { skin } = person;
  return (
    <>
      {person.room}
      {person.behind}
      <path fill={skin.mid} d="M127 225v70q23 18 46 0v-70Z" />
      <path fill={skin.dark} d="M127 238q23 30 46 0v18q-23 26-46 0Z" />
      <path fill={person.shirt} d="M14 410c0-78 42-102 104-118q32 26 64 0c62 16 104 40 104 118Z" />
      <g fill="none" stroke-linecap="round">
        <path stroke={person.collar} stroke-width="10" d="M116 295q34 28 68 0" />
      </g>
      <path fill={skin.mid} d="M91 157a12 17 0 1 0 .01 0M209 157a12 17 0 1 0 .01 0" />
      <path
        fill={skin.light}
        d="M92 165c0-45 25-73 58-73s58 28 58 73c0 50-24 86-58 86s-58-36-58-86Z"
      />
      <path
        fill="#e4604a"
        opacity="0.28"
        d="M110 191a15 10 0 1 0 .01 0M190 191a15 10 0 1 0 .01 0"
      />
      {person.onFace}
      <path fill="#241820" d="M126 162a6.5 8 0 1 0 .01 0M174 162a6.5 8 0 1 0 .01 0" />
      <path fill="#fff" d="M128 165a2.3 2.3 0 1 0 .01 0M176 165a2.3 2.3 0 1 0 .01 0" />
      <g fill="none" stroke-linecap="round">
        <path stroke={person.brows} stroke-width="6" d="M113 149q12-9 25-3M162 146q13-6 25 3" />
        <path stroke={skin.dark} stroke-width="5" d="M150 177q-7 17-2 20t10-1" />
      </g>
      <path fill={person.lips} d="M121 210q29 9 58 0c-3 21-14 30-29 30s-26-9-29-30Z" />
      <path fill="#fff" d="M127 214q23 6 46 0c-2 7-10 9-23 9s-21-2-23-9Z" />
      {person.before}
    </>
  );
}

/** Draws a person's raised hand, whose palm is at the origin. */
export function Hand({ person: { skin, shirt } }: { person: Person }) {
  return (
    <g fill="none" stroke-linecap="round">
      <path stroke={shirt} stroke-width="52" d="M0 66 6 220" />
      <path
        stroke={skin.light}
        stroke-width="15"
        d="M-17-10-23-42M-5-14-7-55M8-14 10-53M20-8 26-38M-18 18-38-4"
      />
      <path fill={skin.light} d="M-26-12q0-12 12-12h28q14 0 14 12v26q0 28-26 28T-26 14Z" />
      <path stroke={skin.dark} stroke-width="4" d="M-10 12q12 8 24-2" />
    </g>
  );
}
