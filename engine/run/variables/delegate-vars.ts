import { LazyDict } from '../../core/lazy-dict.js'
import { Unknown, type Value } from '../../core/value.js'
import { type Binding, type Layer, rank } from '../../core/vars.js'
import type { VariableScope } from './scope.js'

/**
 * The variables of a delegated task, as in Ansible: `ansible_delegated_vars`, and the delegate's connection variables
 * where the host does not set them itself.
 * @param delegateOf evaluates `delegate_to`, when one of the variables is used
 */
export const delegatedLayer = (
  host: string,
  delegateOf: () => string | Unknown | undefined,
  variablesOf: (name: string) => VariableScope,
  lookElsewhere: () => void,
): Layer => {
  let asking = false
  const ofDelegate = (make: (name: string) => Value | undefined): Value | undefined => {
    // `delegate_to` itself may use these variables: they are the host's own then.
    if (asking) return make(host)
    asking = true
    try {
      const name = delegateOf()
      return name instanceof Unknown ? name : make(name ?? host)
    } finally {
      asking = false
    }
  }
  const connectionVariable = (variable: string, otherwise: (name: string) => string | undefined): [string, Binding] => [
    variable,
    new LazyBinding(() => ofDelegate(name => variablesOf(name).get(variable) ?? otherwise(name))),
  ]
  return {
    rank: rank.settings,
    name: 'delegate_to',
    bindings: new Map<string, Binding>([
      connectionVariable('ansible_host', name => name),
      connectionVariable('ansible_user', () => undefined),
      connectionVariable('ansible_port', () => undefined),
      [
        'ansible_delegated_vars',
        new LazyBinding(() =>
          ofDelegate(name => new Map([[name, new DelegateVars(host, variablesOf(name), lookElsewhere)]])),
        ),
      ],
    ]),
  }
}

/**
 * The variables of the delegate, as the task sees them. Connection variables do not change during a run, so reading
 * them does not count as looking at another host.
 */
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

/** A binding that is evaluated on use. Undefined means that the variable does not exist. */
class LazyBinding implements Binding {
  readonly data = true as const
  constructor(readonly ask: () => Value | undefined) {}
  get value(): Value {
    return this.ask() as Value
  }
}
