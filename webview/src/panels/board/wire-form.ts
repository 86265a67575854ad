import { html, type TemplateResult } from "lit";
import type { BoardPart } from "#adapter/protocol/board";
import { firstChoice, PART_KINDS, type PartKind, partText } from "./part-choices";

/** What is chosen in the form that wires a part. */
export class WireChoice {
  kind: PartKind = PART_KINDS[0]!;
  private readonly chosen = new Map<PartKind, Record<string, string>>();

  /** What is chosen for the fields of the kind at hand; to begin with, what fits the board. */
  fields(parts: readonly BoardPart[]): Record<string, string> {
    const known = this.chosen.get(this.kind);
    return known ?? firstChoice(this.kind, parts);
  }

  choose(field: string, value: string, parts: readonly BoardPart[]): void {
    this.chosen.set(this.kind, { ...this.fields(parts), [field]: value });
  }

  /** Once a part is wired, its pins are taken. */
  forget(): void {
    this.chosen.delete(this.kind);
  }
}

export interface WireFormOptions {
  readonly choice: WireChoice;
  readonly parts: readonly BoardPart[];
  readonly isOver: boolean;
  readonly onChange: () => void;
  readonly onWire: (part: string) => void;
}

/** Chooses a part and its pins, and wires it. */
export function wireForm({ choice, parts, isOver, onChange, onWire }: WireFormOptions): TemplateResult {
  const { kind } = choice;
  const fields = choice.fields(parts);
  const valueOf = (event: Event) => (event.currentTarget as HTMLSelectElement).value;
  return html`<form
    class="wire"
    @submit=${(event: Event) => {
      event.preventDefault();
      onWire(partText(kind, fields));
    }}
  >
    <label
      >part
      <select
        name="kind"
        ?disabled=${isOver}
        @change=${(event: Event) => {
          choice.kind = PART_KINDS.find((each) => each.kind === valueOf(event)) ?? kind;
          onChange();
        }}
      >
        ${PART_KINDS.map(
          (each) => html`<option value=${each.kind} .selected=${each === kind}>${each.label}</option>`,
        )}
      </select>
    </label>
    ${kind.fields.map(
      ({ name, label, choices }) =>
        html`<label
          >${label}
          <select
            name=${name}
            ?disabled=${isOver}
            @change=${(event: Event) => {
              choice.choose(name, valueOf(event), parts);
              onChange();
            }}
          >
            ${choices.map(
              (each) =>
                html`<option value=${each.value} .selected=${each.value === fields[name]}>
                  ${each.label}
                </option>`,
            )}
          </select>
        </label>`,
    )}
    <button class="plain" ?disabled=${isOver}>Wire it</button>
  </form>`;
}
