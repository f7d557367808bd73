/** The calendar day in China (UTC+8, no daylight saving) at a moment in milliseconds since 1970: 2026-11-23. */
export function chinaDay(moment: number): string {
  return momentOf(moment).slice(0, 10);
}

/** The same to the minute: 2026-11-23 09:30. */
export function momentOf(moment: number): string {
  return new Date(moment + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
