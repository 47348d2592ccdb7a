import { quotable } from '../withoutQueries.js';

/**
 * Why a header cannot be sent (RFC 9110 5.1, 5.5), without its value: browsers quote that, and it may be a token.
 *
 * @returns undefined for a header that can be sent
 */
export function headerFault(name: string, value: unknown): string | undefined {
  try {
    void new Headers([[name, String(value)]]);
    return undefined;
  } catch {
    return `its header ${quotable(name)} has a name or a value that cannot be sent`;
  }
}
