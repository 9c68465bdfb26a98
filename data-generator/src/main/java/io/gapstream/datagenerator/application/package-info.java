/**
 * From an order to a dataset: generating, preprocessing, the penalty, the experiment's id; and
 * whether there is room for its work.
 *
 * <p>Enter at {@link io.gapstream.datagenerator.application.Experiments} and {@link
 * io.gapstream.datagenerator.application.Admission}. Plain classes that call the numerics; must not
 * depend on a framework, on messaging or on REST.
 */
@NullMarked
package io.gapstream.datagenerator.application;

import org.jspecify.annotations.NullMarked;
