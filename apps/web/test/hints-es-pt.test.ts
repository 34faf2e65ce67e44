import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import { type PrivateDetail, privateDetailOf } from '@farandole/protocol/private-details';
import { statesUnder18 } from '../src/chat/stated-age.ts';

/** Year in which the lines are written. It decides whether a year of birth is under 18. */
const YEAR = 2026;

/** Least share of stated ages and private details that the hints must find. */
const RECALL_MIN = 0.95;
/** Largest share of ordinary lines that may cause a hint. */
const FALSE_ALARMS_MAX = 0.005;

const AGES = {
  es: {
    10: 'diez',
    11: 'once',
    12: 'doce',
    13: 'trece',
    14: 'catorce',
    15: 'quince',
    16: 'dieciséis',
    17: 'diecisiete',
  },
  pt: {
    10: 'dez',
    11: 'onze',
    12: 'doze',
    13: 'treze',
    14: 'quatorze',
    15: 'quinze',
    16: 'dezesseis',
    17: 'dezessete',
  },
} as const;

/** Lines that state an age, where # is the age. */
const STATED = {
  es: [
    'tengo # años',
    'Tengo # años.',
    'tengo # anos',
    'tengo # años y tú?',
    'hola, tengo # años, me llamo Alex',
    'tengo # añitos jaja',
    'solo tengo # años',
    'tengo solo # años',
    'tengo # años de edad',
    'tengo # años vivo en la costa',
    'no, tengo # años',
    'yo tengo # años xd',
    '# años',
    '# años.',
    'cumplí # años ayer',
    'cumplo # años mañana',
    'mi edad es #',
  ],
  pt: [
    'tenho # anos',
    'Tenho # anos.',
    'eu tenho # anos e você?',
    'oi, tenho # anos, meu nome é Alex',
    'tenho só # anos',
    'só tenho # anos',
    'tenho # aninhos kkk',
    'tenho # anos de idade',
    'tenho # anos moro no litoral',
    'não, tenho # anos',
    'tnh # anos',
    '# anos',
    'fiz # anos ontem',
    'faço # anos amanhã',
    'estou com # anos',
    'tô com # anos',
    'minha idade é #',
  ],
} as const;

/** Lines that state an age in digits only. */
const STATED_IN_DIGITS = {
  es: [
    'tengo #',
    'tengo #.',
    'tengo #, y tú?',
    'tengo # y tú?',
    'tngo # xd',
    'tengo # jajaja',
    'chica, #',
    '# chico',
    'H #',
    '# m',
    'cumplí #',
    'acabo de cumplir #',
    'soy chica de #',
    'soy un chico de #',
  ],
  pt: [
    'tenho #',
    'tenho #!',
    'tenho #, e você?',
    'tenho # e vc?',
    'tenho # kkkk',
    'tnh # rs',
    'garota, #',
    '# garoto',
    'M#',
    '# f',
    'sou garota de #',
    'sou um rapaz de #',
  ],
} as const;

const STATED_WITHOUT_AGE = {
  es: [
    'soy menor',
    'soy menor de edad',
    'Soy menor de 18.',
    'no soy mayor de edad',
    'no tengo 18',
    'no tengo 18 todavía',
    'todavía no tengo 18 años',
    'aún no cumplo 18',
    'tengo menos de 18',
    'tengo menos de dieciocho años',
  ],
  pt: [
    'sou menor',
    'sou menor de idade',
    'sou de menor',
    'Sou menor de 18.',
    'não sou maior de idade',
    'não tenho 18',
    'ainda não tenho 18 anos',
    'nao fiz 18 ainda',
    'tenho menos de 18',
    'tenho menos de dezoito anos',
  ],
} as const;

/** Ordinary lines. # is a number from 10 to 17. */
const ORDINARY = {
  es: [
    'hola, ¿qué tal?',
    'bien, ¿y tú?',
    'hace # años que vivo aquí',
    'tengo # minutos',
    'tengo # perros',
    'tengo # años de experiencia',
    'tengo # años trabajando en esto',
    'tengo # años en esta ciudad',
    'tengo # años con mi pareja',
    'tengo # años más que tú',
    'tengo #% de batería',
    'tengo #.000 pesos',
    'tengo #,5 de nota',
    'tengo # o 20 libros',
    'no tengo # años, tengo 40',
    'llevo # años casada',
    'son las #',
    'a las # me voy',
    'nos vemos en # minutos',
    'faltan # días para las vacaciones',
    'cuesta # euros',
    'mi perro cumplió # años',
    'mañana cumplo # meses aquí',
    'una vez, hace # años, vi la nieve',
    'el bus # llega tarde',
    'tengo 18 años',
    'tengo 25',
    'soy un chico de 23',
    'soy mayor de edad',
    'no soy menor',
    'soy el menor de tres hermanos',
    'me encanta el dulce de leche',
    'la temporada 2024-2025 fue buena',
    'costó 1.200.000 pesos',
    'nací el 12/10/1987',
    'el 12.10.2024 fui al mar',
    'llegué a las 10:30',
    'hola a tod@s',
    'el punto es que me gusta',
    'llegué a tal punto, con calma',
    'e.g. esto...bueno',
    'me gusta leer y salir a caminar',
    '¿qué se ve desde tu ventana?',
    'toco la guitarra desde hace tiempo',
    'hoy llueve muchísimo',
    'me da igual, elige tú',
  ],
  pt: [
    'oi, tudo bem?',
    'tudo, e você?',
    'moro aqui há # anos',
    'tenho # minutos',
    'tenho # gatos',
    'tenho # anos de experiência',
    'tenho # anos trabalhando nisso',
    'tenho # anos de casa',
    'tenho # anos a mais, brincadeira',
    'tenho # anos mais que você',
    'tenho #% de bateria',
    'tenho #.000 reais',
    'tenho #,5 de média',
    'não tenho # anos, tenho 40',
    'são # horas',
    'às # eu saio',
    'volto em # minutos',
    'faltam # dias para as férias',
    'custa # reais',
    'meu cachorro fez # anos',
    'amanhã faço # meses aqui',
    'o ônibus # atrasou',
    'tenho 18 anos',
    'tenho 25',
    'sou um rapaz de 23',
    'sou maior de idade',
    'não sou menor',
    'sou o menor dos três irmãos',
    'tenho doce de leite em casa',
    'tenho doce',
    'a temporada 2024-2025 foi boa',
    'custou 1.200.000 reais',
    'nasci em 12/10/1987',
    'em 12.10.2024 fui à praia',
    'cheguei às 10:30',
    'olá a tod@s',
    'cheguei a um ponto com muita gente',
    'até certo ponto, com calma',
    'e...bom, é isso',
    'gosto de ler e de caminhar',
    'o que dá para ver da sua janela?',
    'toco violão faz tempo',
    'hoje choveu demais',
    'tanto faz, escolhe você',
  ],
} as const;

const PRIVATE: Readonly<Record<'es' | 'pt', Readonly<Record<PrivateDetail, readonly string[]>>>> = {
  es: {
    phone: [
      'mi número es 600 123 456',
      'llámame al +34 600 12 34 56',
      'wsp +52 55 0123 4567',
      '+54 9 11 0123-4567',
      'es el 600.123.456',
    ],
    email: [
      'escríbeme a ada@example.org',
      'ada arroba example punto com',
      'ada (arroba) example.org',
    ],
    link: ['mira example.com.mx', 'entra en www.example.es', 'es example punto com'],
    handle: ['mi insta es @ada_b'],
    address: ['vivo en calle Ejemplo 12', 'Av. Ejemplo 1200, piso 3', 'Calle 45 # 12-34'],
    name: ['me llamo Ada Ejemplo y trabajo en Muestra de Ejemplo'],
  },
  pt: {
    phone: [
      'meu número é (11) 91234-5678',
      'me liga +55 11 91234-5678',
      'zap 11912345678',
      'é 3123-4567',
    ],
    email: ['escreve para ada@example.org', 'ada arroba example ponto com'],
    link: ['olha example.com.br', 'entra em www.example.pt', 'é example ponto com ponto br'],
    handle: ['meu insta é @ada_b'],
    address: ['moro na rua Exemplo, 12', 'avenida do Exemplo 1200, apto 3'],
    name: ['sou a Ada Exemplo, trabalho na Amostra de Exemplo'],
  },
};

const NUMBERS = [10, 11, 12, 13, 14, 15, 16, 17] as const;

function filled(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) =>
    line.includes('#') ? NUMBERS.map((age) => line.replace('#', String(age))) : [line],
  );
}

for (const language of ['es', 'pt'] as const) {
  const inWords = STATED[language].flatMap((line) =>
    NUMBERS.map((age) => line.replace('#', AGES[language][age])),
  );

  test(`detects stated ages in ${language}, in digits and words`, (context) => {
    const lines = [
      ...filled(STATED[language]),
      ...filled(STATED_IN_DIGITS[language]),
      ...inWords,
      ...STATED_WITHOUT_AGE[language],
    ];
    const missed = lines.filter((line) => !statesUnder18(line, YEAR));
    context.diagnostic(`missed ${missed.length} of ${lines.length}`);
    assert.ok(missed.length <= (1 - RECALL_MIN) * lines.length, missed.join('\n'));
  });

  test(`finds no stated age and no private detail in ordinary lines in ${language}`, (context) => {
    const lines = filled(ORDINARY[language]);
    const alarms = lines.filter(
      (line) => statesUnder18(line, YEAR) || privateDetailOf(line) !== null,
    );
    context.diagnostic(`${alarms.length} false alarms in ${lines.length} lines`);
    assert.ok(alarms.length <= FALSE_ALARMS_MAX * lines.length, alarms.join('\n'));
  });

  test(`detects private details in ${language}`, () => {
    for (const [detail, texts] of Object.entries(PRIVATE[language])) {
      for (const text of texts) assert.equal(privateDetailOf(text), detail, text);
    }
  });
}

test('searches any text for Spanish and Portuguese ages within the CPU time limit', () => {
  const before = process.cpuUsage();
  for (const unit of [
    'tengo ',
    'tengo 15 años ',
    'n ',
    'no tenho 17 ',
    'soy un ',
    ' ',
    'arroba ',
  ]) {
    statesUnder18(unit.repeat(LINE_CHARS_MAX / unit.length), YEAR);
    privateDetailOf(unit.repeat(LINE_CHARS_MAX / unit.length));
  }
  const ms = process.cpuUsage(before).user / 1000;
  assert.ok(ms < 500, `${ms} ms`);
});
