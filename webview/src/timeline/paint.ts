import { type Look, RectBatch, type Renderer } from "./renderer";

/**
 * Gathers rectangles by look over all lanes, so that a frame changes the canvas' colour a few times only.
 * Looks are painted in the order of their layers.
 */
export class Paint {
  private readonly layers: { readonly look: Look; readonly batch: RectBatch }[][] = [[], [], [], []];

  /** The batch of a look. Layers: 0 ground, 1 what stands out, 2 edges, 3 marks. */
  batch(layer: 0 | 1 | 2 | 3, look: Look): RectBatch {
    const known = this.layers[layer]!.find(
      ({ look: { color, alpha, isHatched } }) =>
        color === look.color && alpha === look.alpha && isHatched === look.isHatched,
    );
    if (known !== undefined) return known.batch;
    const batch = new RectBatch();
    this.layers[layer]!.push({ look, batch });
    return batch;
  }

  flush(renderer: Renderer): void {
    for (const layer of this.layers) {
      for (const { look, batch } of layer) {
        if (batch.length > 0) renderer.rects(look, batch);
        batch.clear();
      }
    }
  }
}
