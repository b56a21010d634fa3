import { envFileLine, type EnvSource, type Variable, VARIABLE_GROUPS, VARIABLES } from '@labelyard/config';
import { type EnvFinding, type ServiceName, SERVICES, type Target } from './findings.js';
import { shownValue } from './shown-value.js';

export interface RenderOptions {
  readonly target: Target;
  readonly services: readonly ServiceName[];
  readonly show_secrets: boolean;
  readonly findings: readonly EnvFinding[];
}

/** An environment as an env file (which Railway's raw editor takes as well): what is set, and in comments what could be. */
export function renderEnvironment(env: EnvSource, options: RenderOptions): readonly string[] {
  return Object.entries(VARIABLE_GROUPS).flatMap(([group, title]) => {
    const lines = VARIABLES.filter((variable) => variable.group === group && isFor(variable, options, env)).flatMap(
      (variable) => variableLines(variable, env[variable.name], options),
    );
    return lines.length > 0 ? [`# ── ${title}`, ...lines, ''] : [];
  });
}

/** The variables a target gets. What Railway gives by itself would be overruled by what is written here. */
export function variablesFor(
  env: EnvSource,
  options: Pick<RenderOptions, 'target' | 'services'>,
): Record<string, string> {
  return Object.fromEntries(
    VARIABLES.flatMap((variable) => {
      const value = env[variable.name];
      return value?.trim() && isFor(variable, options, env) ? [[variable.name, value]] : [];
    }),
  );
}

function isFor(
  { processes, railway, name }: Variable,
  { target, services }: Pick<RenderOptions, 'target' | 'services'>,
  env: EnvSource,
): boolean {
  if (processes.includes('start')) return target === 'env' && Boolean(env[name]);
  if (target === 'railway' && railway?.endsWith('leave it out')) return false;
  return services.some((service) => SERVICES[service].some((process) => processes.includes(process)));
}

function variableLines(variable: Variable, value: string | undefined, options: RenderOptions): readonly string[] {
  const { name, says, fallback, secret, example, railway } = variable;
  const wrong = options.findings.filter((finding) => finding.variable === name && finding.kind === 'unusable');
  const comment = [`# ${name}: ${says}`, ...wrong.map((finding) => `#   ✗ ${finding.says}`)];
  if (value?.trim()) {
    const shown = options.show_secrets || !secret || shownValue(name, value) === value;
    return [...comment, shown ? envFileLine(name, value) : `# ${name} is set: ${shownValue(name, value)}`];
  }
  const suggestion = (options.target === 'railway' && railway) || (wrong.length > 0 ? example : undefined);
  if (suggestion !== undefined) return [...comment, `# ${name}=${suggestion}`];
  return [`# ${name}: ${says} · ${fallback === undefined ? `like ${example}` : `else ${fallback}`}`];
}
