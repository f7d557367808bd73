/** Tells the login behind an account's id; of an account that is not there any more, the id itself. */
export function loginsOf(accounts: readonly { id: string; login: string }[]): (id: string) => string {
  const logins = new Map(accounts.map(({ id, login }) => [id, login]));
  return (id) => logins.get(id) ?? id;
}
