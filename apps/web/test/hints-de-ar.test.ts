import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import { privateDetailOf } from '@farandole/protocol/private-details';
import { statesUnder18 } from '../src/chat/stated-age.ts';

/** Year in which the lines are written. It decides whether a year of birth is under 18. */
const YEAR = 2026;

const RECALL_MIN = 0.95;
const FALSE_ALARMS_MAX = 0.005;

/** Ages with their words. The first word of a list is the standard one. */
const GERMAN_AGES: readonly (readonly [number, readonly string[]])[] = [
  [12, ['zwölf', 'zwoelf']],
  [13, ['dreizehn']],
  [14, ['vierzehn']],
  [15, ['fünfzehn', 'fuenfzehn']],
  [16, ['sechzehn']],
  [17, ['siebzehn', 'Siebzehn']],
];
const GERMAN = [
  'ich bin #',
  'Ich bin #.',
  'bin #',
  'bin # und du?',
  'ich bin erst #',
  'Ich bin jetzt #!',
  'bin gerade # geworden, also ich bin #',
  'hi, ich bin # :)',
  'ich bin # 😊',
  'ich bin # jahre alt',
  'bin # Jahre',
  'Ich bin # Jahre alt und komme aus Wien',
  'ich bin leider noch #',
  'weil ich erst # bin',
  'ich werde bald #',
  'Mein Alter ist #',
  '# Jahre',
  '# jahre alt',
  'ich bin ein #-jähriger',
  'bin # geworden',
  'ich bin vor kurzem # geworden',
  'ich bin doch erst #',
  'ich bin # (bald mehr)',
  'bin # aus Hamburg',
];
const GERMAN_LINES = [
  '#w',
  '# m',
  'w, #',
  'm#',
  'W #',
  '#, weiblich',
  'männlich, #',
  '#/m',
  'bin w #',
  'ich, #, w',
  '# bin ich',
  '# und du?',
  '#-jährige hier',
  'm# hier',
  'hallo, w # hier',
  'ich (#) suche Leute',
  'Alter #',
];
const GERMAN_MINOR = [
  'ich bin minderjährig',
  'bin noch minderjährig',
  'ich bin unter 18',
  'ich bin noch keine 18',
  'bin noch nicht 18',
  'ich bin nicht volljährig',
  'ich bin noch nicht volljährig',
  'ich werde bald 18',
  'ich werde im Juni 18.',
  'bin u18',
];

const ARABIC_AGES: readonly (readonly [number, readonly string[]])[] = [
  [12, ['اثنا عشر', 'اثنتا عشرة', 'اتناشر', 'اثنعش']],
  [13, ['ثلاثة عشر', 'ثلاث عشرة', 'تلتاشر', 'ثلطعش']],
  [14, ['أربعة عشر', 'أربع عشرة', 'اربعتاشر', 'اربعطعش']],
  [15, ['خمسة عشر', 'خمس عشرة', 'خمستاشر', 'خمسطعش']],
  [16, ['ستة عشر', 'ست عشرة', 'ستاشر', 'سطعش']],
  [17, ['سبعة عشر', 'سبع عشرة', 'سبعتاشر', 'سبعطعش']],
];
const ARABIC = [
  'عمري #',
  'عمري # سنة',
  'عمري # عامًا',
  'أنا عمري #',
  'عمري الآن # سنة وأنت؟',
  'عمري بس #',
  'سني #',
  'عندي # سنة',
  'عندي # سنة، وأنت؟',
  'لدي # عامًا.',
  'أنا #',
  'انا # سنة',
  'أنا # وأنت؟',
  'أنا # 😊',
  'بلغت # سنة',
  'أنا ولد #',
  'أنا # سنة من مصر',
  'أبلغ من العمر # عامًا',
  'سأبلغ # قريبًا',
  'عمري هسه #',
  'أنا بعمر #',
  '# سنة',
  '# عامًا',
];
const ARABIC_LINES = ['# ذكر', 'أنثى #', '#، أنثى', 'ذكر، #'];
const ARABIC_MINOR = [
  'أنا قاصر',
  'أنا قاصرة.',
  'أنا ما زلت قاصرًا',
  'لسا ما صار عمري 18',
  'أنا تحت السن القانوني',
  'عمري أقل من 18',
  'عمري أقل من ١٨ سنة',
  'انا تحت ال18',
  'عمري دون الثامنة عشرة',
  'لم أبلغ الثامنة عشرة بعد',
  'لم أبلغ سن ١٨',
  'ما كملت 18',
  'لسه ما تميت ال 18',
  'لسه مكملتش 18',
  'أنا في السابعة عشرة من عمري',
];

const eastern = (text: string, zero: number): string =>
  text.replaceAll(/\d/gu, (digit) => String.fromCharCode(zero + Number(digit)));
/** Ways in which the same text can be written. */
const WRITTEN: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => `  ${text} `,
  // Full-width digits.
  (text) => eastern(text, 0xff10),
  (text) => eastern(text, 0x0660),
  (text) => eastern(text, 0x06f0),
  (text) => `\u2067${text}\u2069`,
  (text) => text.replaceAll(/\d+/gu, (digits) => `\u2066${digits}\u2069`),
  (text) => text.replaceAll(/(\d)(\d)/gu, '$1\u200b$2'),
  (text) => text.replaceAll(/\d+/gu, (digits) => `\u200f${digits}\u200e`),
  (text) => text.replaceAll('عمري', 'عمـــري').replaceAll('سنة', 'سَنَة'),
  (text) => text.replaceAll('ي', 'ی').replaceAll('ة', 'ه').replaceAll(/[أآ]/gu, 'ا'),
];

function filled(
  texts: readonly string[],
  lines: readonly string[],
  ages: readonly (readonly [number, readonly string[]])[],
): string[] {
  return ages.flatMap(([age, words]) => [
    ...texts.flatMap((text) => [String(age), ...words].map((word) => text.replaceAll('#', word))),
    ...lines.map((text) => text.replaceAll('#', String(age))),
  ]);
}

function checkRecall(texts: readonly string[], find: (text: string) => boolean): void {
  for (const write of WRITTEN) {
    const missed = texts.map(write).filter((text) => !find(text));
    const found = 1 - missed.length / texts.length;
    assert.ok(
      found >= RECALL_MIN,
      `${found} of ${texts.length}: ${missed.slice(0, 20).join(' | ')}`,
    );
  }
}

test('finds 95 % of the stated ages under 18 in German', () => {
  checkRecall([...filled(GERMAN, GERMAN_LINES, GERMAN_AGES), ...GERMAN_MINOR], (text) =>
    statesUnder18(text, YEAR),
  );
});

test('finds 95 % of the stated ages under 18 in Arabic, in any digits and isolated', () => {
  checkRecall([...filled(ARABIC, ARABIC_LINES, ARABIC_AGES), ...ARABIC_MINOR], (text) =>
    statesUnder18(text, YEAR),
  );
});

const PRIVATE = {
  link: [
    'https://beispiel.de/a',
    'schau auf beispiel.de',
    'Meine Seite ist auf beispiel.de zu finden',
    'beispiel.ch',
    'die Seite beispiel.at zeigt das',
    'beispiel.at/bilder',
    'beispiel punkt de',
    'geh auf beispiel punkt com',
    'موقعي example.com',
    'موقعي \u2066example.com\u2069',
    'شوف example.comوقل لي',
    'example.ae',
    'ادخل على example.sa',
    'example.ma/page',
    'مثال نقطة كوم',
    'https://مثال.إختبار/صفحة',
  ],
  email: [
    'schreib an ada@beispiel.de',
    'ada (at) beispiel.de',
    'ada [at] beispiel punkt de',
    'ada ät beispiel.de',
    'ada at beispiel punkt de',
    'بريدي ada@example.org',
    'بريدي \u2066ada@example.org\u2069',
    'ada ات example نقطة كوم',
  ],
  phone: [
    '0171 2345678',
    '+49 171 234 56 78',
    '0043 664 1234567',
    'meine Nummer: 030/1234567',
    'null eins sieben eins zwei drei vier neun neun',
    'Null, eins, sieben, sechs, fünf, fünf, null, eins',
    'رقمي ٠٥٠١٢٣٤٥٦٧',
    'رقمي ۰۹۱۲۳۴۵۶۷۸۹',
    '٠١٠ ١٢٣٤ ٥٦٧٨',
    'رقمي \u2066+966 50 123 4567\u2069',
    '\u2066٠٥٠\u2069 \u2066١٢٣\u2069 \u2066٤٥٦٧\u2069',
    '966501234567+',
    'صفر خمسة صفر واحد اثنين ثلاثة أربعة خمسة ستة',
    'صفر، واحد، صفر، تسعة، تسعة، خمسة، واحد، اثنين',
  ],
  address: ['ich wohne Beispielstraße 12', 'Beispielgasse 3, 1000 Wien', 'شارع المثال رقم ١٢'],
  name: [
    'ich heiße Ada Beispiel und arbeite bei Muster in Musterstadt',
    'انا ندى المثال ممرضة في مستشفى المثال',
  ],
  handle: ['ich bin @ada_b', 'حسابي @ada_b', 'حسابي \u2066@ada_b\u2069', '@اسم_عربي'],
} as const;

test('detects private details in German and Arabic lines, in any digits and isolated', () => {
  for (const [detail, texts] of Object.entries(PRIVATE)) {
    for (const text of texts) assert.equal(privateDetailOf(text), detail, text);
  }
});

const ORDINARY_GERMAN = `
hallo
hi, wie geht’s?
Mir geht’s gut, und dir?
woher kommst du?
Ich komme aus Köln
ich bin 18
Ich bin 18 Jahre alt
bin 25 und du?
ich bin 32, m
w 24
27 w
m, 41
ich bin achtzehn
ich bin zwanzig
ich werde bald 30
ich werde im Mai 40.
ich bin nicht minderjährig
bist du schon 18?
hier muss man 18 sein
als ich 15 war, habe ich Gitarre gelernt
mit 16 bin ich umgezogen
seit ich 14 bin, spiele ich Klavier
mein Sohn ist 14
meine Schwester wird 16
ich bin seit 15 Jahren hier
Ich bin 12 Jahre verheiratet
bin 17 Minuten zu spät
ich bin 15 Minuten entfernt
ich bin um 17 Uhr da
ich bin 10/10 zufrieden
Ich bin 17,5 km gelaufen
ich bin 16 km gefahren
ich bin 11 Stunden geflogen
ich bin 12. geworden
ich bin 15. im Rennen geworden
Ich bin 14 Tage im Urlaub
bin 13 mal umgezogen
ich werde 15 Minuten brauchen
ich werde um 17 Uhr gehen
ich werde 12 Kekse backen
es ist 17:30
Es ist 16 Uhr
um 15 Uhr habe ich Zeit
heute sind es 17 Grad
17 Grad und Regen
vor 16 Jahren war das anders
nach 12 Jahren Pause spiele ich wieder
17 km sind genug
12 Jahre sind eine lange Zeit
das kostet 15 Euro
ich bin 15 Jahre jünger als er
bin bei Level 17
ich bin Platz 12
ich bin gegen 17 Uhr daheim
wir sind 15 Leute
um 17, 18 Uhr bin ich da
er ist 17
Alter, 17 Leute waren da
Alter, das war gut
elf Leute spielen Fußball
zwölf Uhr mittags
im Jahr 1987 geboren
geboren am 12.10.1987
am 24.12. feiern wir
der 3.10. ist ein Feiertag
Ich wohne im 4. Stock
das Buch hat 1200 Seiten
42 km in 3 Stunden
mein Zug kommt um 18:45
in 10 Minuten bin ich weg
ich habe 2 Katzen
ich mag Filme
was machst du gerade?
ich lerne Spanisch
Kochst du gern?
ich spiele seit 10 Jahren Schach
heute gab es Nudeln
Welche Musik hörst du?
z. B. Jazz
d.h. nie wieder
u.a. Kino und Theater
usw.usf.
am Ende.Dann ging ich
gut.danke
na ja...
haha
:)
Das ist der Punkt.
auf den Punkt gebracht
Punkt eins: das Wetter
eins, zwei, drei
eins zwei drei vier fünf sechs sieben acht
acht oder neun Uhr?
sieben Tage Regen
null Ahnung
mein Hund heißt Bruno
meine Lieblingszahl ist 17
Platz 13 von 17
Kapitel 16 ist spannend
Regel 17 kenne ich nicht
ich bin in der 12. Minute eingeschlafen
Ich bin Linkshänder
ich bin müde
bin gleich wieder da
bin unterwegs
ich bin unter 18 Sekunden gelaufen
ich bin 1,75 groß
ich bin 178 cm groß
ich bin 1987 geboren
ich bin mit 17 Leuten hier
ich habe 15 davon
ich habe 16 gezählt
nur 14 Seiten noch
noch 13 Tage bis Weihnachten
16 zu 12 gewonnen
3:2 verloren
bei uns schneit es
was liest du?
ich arbeite im Garten
Wien ist schön
der Film dauert 117 Minuten
Preis: 1.200 Euro
das sind 50 %
Größe 42
Raum 204
Linie 16 fährt hier
Bus 17 kommt nie
Seite 12 bis 17
5 mal 3 ist 15
kennst du das Lied?
schönes Wochenende!
Tschüss
gute Nacht
bis bald
`;

const ORDINARY_ARABIC = `
مرحبا
السلام عليكم
كيف حالك؟
أنا بخير، وأنت؟
من أين أنت؟
أنا من القاهرة
عمري 18
عمري ١٨ سنة
عمري 25 سنة وأنت؟
عمري ثمانية عشر عامًا
عمري تمنتاشر
عمري ثلاثون
أنا 30
أنا ٢٤ سنة
ذكر 27
أنثى ٢٢
كم عمرك؟
لست قاصرًا
أنا لست قاصرا
الموقع لمن عمره 18 فأكثر
كان عمري 15 سنة وقتها
لما كان عمري 16 سافرت
منذ كان عمري 12 وأنا أرسم
عندما كان عمري ١٤ تعلمت العود
عمر ابني 14 سنة
أختي عمرها 16 سنة
عندي 15 سنة خبرة
عندي ١٢ سنة في هذا العمل
عندي 15 دقيقة
عندي 16 كتابًا
عندي 17
لدي 12 سنة من الخبرة
قبل 15 سنة كان هذا مختلفًا
منذ 16 سنة
بعد 12 سنة عدت
بلغت الحرارة 17
كملت 15 صفحة
كملت 12 سنة في الشركة
أنا 15 مرة زرت المكان
أنا في الطابق 12
أنا رقم 16 في الصف
أنا من مواليد 1987
ولدت في 12/10/1987
ولدت في ١٢/١٠/١٩٨٧
الساعة 17:30
الساعة ٥ مساء
الحرارة 17 درجة
١٧ درجة ومطر
الثمن 15 دينارًا
السعر 1,200
المسافة 16 كيلومترًا
عمره 16 شهرا
عمر القطة 15 شهرا
القاعة 204
الخط 16
الصفحة 12 إلى 17
الفصل ١٦ جميل
رقمي المفضل 17
فزنا 3-2
اثنا عشر شهرًا في السنة
خمسة عشر كتابًا
ستاشر ساعة سفر
سبعة أيام مطر
واحد اثنان ثلاثة
واحد اثنين ثلاثة أربعة خمسة ستة سبعة ثمانية
ثلاثة أو أربعة
صفر مشاكل
أحب القهوة
أحب الأفلام
ماذا تعمل؟
أدرس اللغات
هل تحب الشطرنج؟
ألعب العود منذ 10 سنوات
اليوم أكلت سمكًا
أي موسيقى تسمع؟
هههههه
جميل
تمام
والله
إن شاء الله
لا أعرف
نعم
ربما
الجو بارد
عندنا مطر
القاهرة.مصر بلدي
انتهى.شكرا
هذه نقطة مهمة
نقطة.
أول نقطة هي الطقس
كلبي اسمه سيمبا
عندي قطتان
عندي ٣ إخوة
سافرت 3 مرات
أسكن قرب البحر
أنا متعب
سأعود حالًا
لحظة
ما رأيك؟
كم الساعة عندك؟
الفيلم مدته 117 دقيقة
طولي 178
طولي 1.75
وزني ٧٥
نصف ساعة
50%
٥٠٪
عام 2024 كان جيدًا
بين 2010 و 2015
ابنتي عمرها ١٤
عمري ما سافرت
عمري كله هنا
عشت 15 سنة في دبي
أنا أكبر منك ب 12 سنة
أنا هنا من 15 سنة
شاهدت 16 حلقة
لم أبلغ القمة
في سن متأخرة
السن ليس مهمًا
الأمر قاصر على الأعضاء
هذا الشرح قاصر
أنا فنان
أنا طالب جامعي
أنا مهندسة
أنا في العمل
تصبح على خير
إلى اللقاء
مع السلامة
نهارك سعيد
`;

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

for (const [language, text] of [
  ['German', ORDINARY_GERMAN],
  ['Arabic', ORDINARY_ARABIC],
] as const) {
  test(`raises at most 0.5 % false alarms on ordinary lines in ${language}`, () => {
    const lines = linesOf(text);
    assert.ok(lines.length > 100);
    const alarms = lines.flatMap((line) =>
      WRITTEN.map((write) => write(line)).filter(
        (written) => statesUnder18(written, YEAR) || privateDetailOf(written) !== null,
      ),
    );
    const share = alarms.length / (lines.length * WRITTEN.length);
    assert.ok(share <= FALSE_ALARMS_MAX, alarms.join(' | '));
  });
}

test('searches German and Arabic lines within the CPU time limit', () => {
  const before = process.cpuUsage();
  const units = [
    'ich bin ',
    'werde im a ',
    'bin erst ',
    '17 ',
    'eins ',
    'عمري ',
    'عشر ',
    'صفر ',
    '.de ',
  ];
  for (const unit of [...units, 'a at a', ' punkt ', 'ich werde in a a ', '١٧ سنة ']) {
    const text = unit.repeat(LINE_CHARS_MAX / unit.length);
    statesUnder18(text, YEAR);
    privateDetailOf(text);
  }
  const ms = process.cpuUsage(before).user / 1000;
  assert.ok(ms < 1000, `${ms} ms`);
});
