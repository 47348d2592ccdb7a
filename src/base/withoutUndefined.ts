/**
 * The members of an object that are given, for objects of defaults to be spread before them: a member that is undefined
 * means the default, as one that is left out does.
 */
export function withoutUndefined<T extends object>(members: T | undefined): T {
  const given = Object.entries(members ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as T;
}
