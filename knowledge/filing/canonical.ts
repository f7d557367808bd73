/** Whether a text is a day of the calendar in canonical form: 2030-01-02. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** A validity taken apart: 2020-01-02/2030-01-02, /2030-01-02, 2020-01-02/long. Undefined for what is none. */
export function readValidity(text: string | undefined): { from?: string; to: string | 'long' } | undefined {
  const [from = '', to = '', ...more] = (text ?? '').split('/');
  if (more.length > 0 || (from !== '' && !isDay(from)) || (to !== 'long' && !isDay(to))) return undefined;
  return { ...(from !== '' && { from }), to };
}
