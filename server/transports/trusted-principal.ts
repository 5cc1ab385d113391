import type { Permission } from '../router/index.ts';

/** Who a component in this process is: nobody else can reach its link, so it need not prove anything. */
export interface TrustedPrincipal {
  readonly authid: string;
  readonly authrole: string;
  /** What it may do, instead of what its role may. */
  readonly permissions?: readonly Permission[];
  /** Others neither see nor hear of its session. */
  readonly hidden?: boolean;
}
