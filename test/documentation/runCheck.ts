import { CheckedPage } from './CheckedPage.js';
import { checks } from './checks.js';
import type { Facts, ServerAction } from './facts.js';

declare global {
  interface Window {
    /** Of scripts/runCodeBlocks.mjs. */
    askServer: (action: ServerAction) => Promise<number>;
    /** For scripts/runCodeBlocks.mjs: 'passed', or what was wrong. */
    outcome?: string;
    checkNames: string[];
  }
}

/**
 * Runs the check that the address of the page names.
 *
 * @param blocks - the code blocks by the names of their checks
 */
export function runCheck(blocks: Readonly<Record<string, () => Promise<unknown>>>): void {
  const address = new URLSearchParams(location.search);
  const name = address.get('check') ?? '';
  const facts = JSON.parse(address.get('facts') ?? '{}') as Facts;
  window.checkNames = Object.keys(checks);
  const [check, block] = [checks[name], blocks[name]];
  if (!check || !block) {
    window.outcome = `test/documentation/checks.ts has no check ${name}`;
    return;
  }
  check(new CheckedPage(facts, block, (action) => window.askServer(action))).then(
    () => {
      window.outcome = 'passed';
    },
    (error: unknown) => {
      window.outcome = error instanceof Error ? (error.stack ?? error.message) : String(error);
    },
  );
}
