export interface Finding {
  readonly about: string;
  readonly is: 'ok' | 'warn' | 'fail';
  readonly says: string;
}
