import { LazyDict } from '../../core/lazy-dict.js'
import { Unknown, type Value } from '../../core/value.js'
import { type Binding, type Layer, rank } from '../../core/vars.js'
import type { VariableScope } from './scope.js'

/**
 * What a delegated task sees beside its host's own variables, as in Ansible: `ansible_delegated_vars`, and how the delegate is reached
 * where the host does not say that of itself.
 * @param delegateOf asked when one of them is used
 */
export const delegatedLayer = (
  host: string,
  delegateOf: () => string | Unknown | undefined,
  variablesOf: (name: string) => VariableScope,
  lookElsewhere: () => void,
): Layer => {
  let asking = false
  const ofDelegate = (make: (name: string) => Value | undefined): Value | undefined => {
    // Who is asked for may be said with these very variables: then they are the host's own.
    if (asking) return make(host)
    asking = true
    try {
      const name = delegateOf()
      return name instanceof Unknown ? name : make(name ?? host)
    } finally {
      asking = false
    }
  }
  const reached = (variable: string, otherwise: (name: string) => string | undefined): [string, Binding] => [
    variable,
    new Asked(() => ofDelegate(name => variablesOf(name).get(variable) ?? otherwise(name))),
  ]
  return {
    rank: rank.settings,
    name: 'delegate_to',
    bindings: new Map<string, Binding>([
      reached('ansible_host', name => name),
      reached('ansible_user', () => undefined),
      reached('ansible_port', () => undefined),
      [
        'ansible_delegated_vars',
        new Asked(() =>
          ofDelegate(name => new Map([[name, new DelegateVars(host, variablesOf(name), lookElsewhere)]])),
        ),
      ],
    ]),
  }
}

/** The delegate's variables, as the caller's task uses them. How it is reached does not change on the way. */
export class DelegateVars extends LazyDict {
  constructor(
    host: string,
    readonly scope: VariableScope,
    lookElsewhere: () => void,
  ) {
    super(
      () => scope.names(),
      name => {
        if (name === 'inventory_hostname') return host
        if (typeof name !== 'string') return undefined
        if (!/^(ansible|tkplay)_(become|host$|port$|user$)/.test(name)) lookElsewhere()
        return scope.get(name)
      },
    )
  }
}

/** Undefined is a variable that is not there. */
class Asked implements Binding {
  readonly data = true as const
  constructor(readonly ask: () => Value | undefined) {}
  get value(): Value {
    return this.ask() as Value
  }
}
