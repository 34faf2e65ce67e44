/**
 * Words of one language, by their class in a line that states an age. Words of a list are separated
 * by "|". A phrase has at most four words, and the longest phrase wins. Accents, apostrophes and
 * repeated letters don't count.
 *
 * | class | meaning | examples |
 * |---|---|---|
 * | `B` | "I am", if an age can follow | "i am", "ich bin" |
 * | `L` | the same, if it is also a word of another language | "im" |
 * | `I` | "I have", if an age can follow | "tengo", "j'ai" |
 * | `i` | "I have", if a number without years isn't an age | "عندي" |
 * | `S` | "I turned", also of others | "turned", "cumplí" |
 * | `W` | "I will be": 18 is a stated age too | "turning", "cumplo" |
 * | `Q` | the same, if a time follows | "je fais" |
 * | `G`, `g` | "my age is", and the word "age" alone | "mi edad es"; "alter" |
 * | `h`, `H` | "I am" in languages in which an age doesn't follow it; "my name is" | "soy"; "ich heiße" |
 * | `s` | the user, in a sentence without a verb | "me", "moi", "ich" |
 * | `O` | birth, before or after a year | "i was born", "jahrgang" |
 * | `J` | "I have of it" | "j'en ai" |
 * | `o` | others | "he" |
 * | `k`, `Y` | "my"; "birthday" | |
 * | `y`, `U` | unit of an age; other units of time | "years old"; "weeks" |
 * | `w`, `d` | a time; a preposition before it | "tomorrow", "may"; "in" |
 * | `e` | articles | "a", "un" |
 * | `a`, `m` | adverbs between subject and age; "almost" | "still"; "nearly" |
 * | `X` | the adverb "only" | "only", "erst" |
 * | `u` | a time in the future | "next year" |
 * | `f` | fillers, greetings and answers | "well", "hi", "yes" |
 * | `j` | conjunctions, after which a clause starts | "and", "but" |
 * | `p`, `M`, `P` | a person; the letter "m", which is also a unit; a person before an age | "girl" |
 * | `q` | a question back, after an age | "you", "hbu" |
 * | `c` | other words that continue a sentence after an age | "my", "because" |
 * | `F`, `K` | "from"; "here" | |
 * | `b` | words after a number that isn't an age, or after years that aren't | "percent", "de" |
 * | `t` | end of an ordinal number | "th" |
 * | `v` | words before an age of the past, of others, or one that isn't real | "when", "feel" |
 * | `n`, `A` | negation; words for an adult | "not"; "adult" |
 * | `z`, `l` | words for a minor; "less than" before 18 | "minor"; "under" |
 */
type WordClass =
  | ('B' | 'L' | 'I' | 'i' | 'S' | 'W' | 'Q' | 'G' | 'g' | 'h' | 'H' | 's' | 'J' | 'o' | 'k' | 'Y')
  | (
      | 'O'
      | 'X'
      | 'u'
      | 'y'
      | 'U'
      | 'w'
      | 'd'
      | 'e'
      | 'a'
      | 'm'
      | 'f'
      | 'j'
      | 'p'
      | 'M'
      | 'P'
      | 'q'
      | 'c'
      | 'F'
      | 'K'
    )
  | ('b' | 't' | 'v' | 'n' | 'A' | 'z' | 'l');

export interface AgeWords {
  /** Patterns of the numbers from 10 to 18, written in words. */
  readonly numbers: readonly string[];
  /** Pattern of unknown words that can be counted. A number before them isn't an age. */
  readonly counted: RegExp;
  readonly words: Readonly<Partial<Record<WordClass, string>>>;
}
