/** What a page can show of its connection. Times are milliseconds since 1970. */
export type Status =
  /** `attempt` counts from 1 and starts anew after a connection that lasted. */
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'online'; readonly authid: string; readonly since: number }
  /** Attempt number `attempt` failed, or its connection ended: `reason` is for people. */
  | { readonly state: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly reason: string }
  /** For good: the page closed the client. */
  | { readonly state: 'closed'; readonly reason: string };
