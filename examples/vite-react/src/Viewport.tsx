import { Enums, setVolumesForViewports } from '@cornerstonejs/core';
import type { RenderingEngine } from '@cornerstonejs/core';
import { useEffect, useRef } from 'react';

interface ViewportProps {
  renderingEngine: RenderingEngine;
  orientation: Enums.OrientationAxis;
  volumeId: string;
  onError: (error: Error) => void;
}

export function Viewport({ renderingEngine, orientation, volumeId, onError }: ViewportProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current) {
      return undefined;
    }
    let isMounted = true;
    renderingEngine.enableElement({
      viewportId: orientation,
      type: Enums.ViewportType.ORTHOGRAPHIC,
      element: element.current,
      defaultOptions: { orientation },
    });
    setVolumesForViewports(renderingEngine, [{ volumeId }], [orientation]).catch((error: Error) => {
      // After an unmount the volume is gone, as it should be.
      if (isMounted) {
        onError(error);
      }
    });
    return () => {
      isMounted = false;
      renderingEngine.disableElement(orientation);
    };
  }, [renderingEngine, orientation, volumeId, onError]);
  return <div ref={element} style={{ width: 384, height: 384, display: 'inline-block' }} />;
}
