import { eventTarget } from '@cornerstonejs/core';

const listeners: [string, EventListener][] = [];

/** Collects the details of all events of one type, until the end of the spec. */
export function eventsOf(type: string): { readonly details: unknown[] } {
  const details: unknown[] = [];
  const listener = ((event: CustomEvent) => {
    details.push(event.detail);
  }) as EventListener;
  eventTarget.addEventListener(type, listener);
  listeners.push([type, listener]);
  return { details };
}

/** Removes the listeners of {@link eventsOf}. */
export function stopCollectingEvents(): void {
  for (const [type, listener] of listeners.splice(0)) {
    eventTarget.removeEventListener(type, listener);
  }
}
