package io.gapstream.results.messaging;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method is called again, with growing pauses, for as long as it fails because the database
 * does not answer. If the service ends meanwhile, the call fails and the record is neither
 * acknowledged nor set aside: whoever comes next gets it again.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface UntilDatabaseAnswers {}
