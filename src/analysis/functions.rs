//! The distribution functions that SQL lacks, as scalar functions of the session. NULL in, NULL out.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Float64Array};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use statrs::function::{beta, erf, gamma};

/// All functions that queries may use beyond those of the engine.
pub fn all() -> Vec<ScalarUDF> {
    vec![
        scalar("normal_cdf", 1, |arguments| match arguments {
            [x] => Some(normal_cdf(*x)),
            _ => None,
        }),
        scalar("beta_survival", 3, |arguments| match arguments {
            [a, b, x] => beta_survival(*a, *b, *x),
            _ => None,
        }),
        scalar("gamma_survival", 2, |arguments| match arguments {
            [shape, x] => gamma_survival(*shape, *x),
            _ => None,
        }),
    ]
}

/// Standard normal distribution function, Phi(x) = erfc(-x / sqrt 2) / 2.
///
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.2 and 7.1.2.
pub fn normal_cdf(x: f64) -> f64 {
    erf::erfc(-x / std::f64::consts::SQRT_2) / 2.0
}

/// P(theta > x) for theta ~ Beta(a, b): 1 - I_x(a, b). NULL unless a, b > 0.
///
/// Source: Abramowitz and Stegun, 26.5.1 (the incomplete beta function ratio).
pub fn beta_survival(a: f64, b: f64, x: f64) -> Option<f64> {
    match x {
        x if x.is_nan() => None,
        x if x <= 0.0 => Some(1.0),
        x if x >= 1.0 => Some(0.0),
        // I_x(a, b) = 1 - I_(1-x)(b, a) keeps the digits of a small tail.
        x => beta::checked_beta_reg(b, a, 1.0 - x).ok(),
    }
}

/// P(lambda > x) for lambda ~ Gamma(shape, rate 1): the upper incomplete gamma ratio Q(shape, x). NULL unless shape > 0.
///
/// Source: Abramowitz and Stegun, 6.5.3 and 26.4.19.
pub fn gamma_survival(shape: f64, x: f64) -> Option<f64> {
    if x <= 0.0 { Some(1.0) } else { gamma::checked_gamma_ur(shape, x).ok() }
}

fn scalar(name: &str, arity: usize, function: fn(&[f64]) -> Option<f64>) -> ScalarUDF {
    let apply = move |arguments: &[ColumnarValue]| -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(arguments)?;
        if columns.len() != arity {
            return exec_err!("expected {arity} arguments, got {}", columns.len());
        }
        Ok(ColumnarValue::Array(rows(&columns, function)))
    };
    create_udf(name, vec![DataType::Float64; arity], DataType::Float64, Volatility::Immutable, Arc::new(apply))
}

fn rows(columns: &[ArrayRef], function: fn(&[f64]) -> Option<f64>) -> ArrayRef {
    let columns: Vec<&Float64Array> = columns.iter().map(|column| column.as_primitive::<Float64Type>()).collect();
    let length = columns.first().map_or(0, |column| column.iter().len());
    let mut cursors: Vec<_> = columns.iter().map(|column| column.iter()).collect();
    let next_row = |_| {
        let values: Option<Vec<f64>> =
            cursors.iter_mut().map(|cursor| cursor.next().flatten()).collect::<Vec<_>>().into_iter().collect();
        values.and_then(|values| function(&values))
    };
    Arc::new((0..length).map(next_row).collect::<Float64Array>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-10, "{found} is not {expected}");
    }

    #[test]
    fn normal_agrees_with_published_tables() {
        // Abramowitz and Stegun, table 26.1.
        close(normal_cdf(0.0), 0.5);
        close(normal_cdf(1.0), 0.841_344_746_068_543);
        close(normal_cdf(1.96), 0.975_002_104_851_780);
        close(normal_cdf(-3.0), 0.001_349_898_031_630);
    }

    #[test]
    fn beta_agrees_with_the_binomial_sum() {
        // I_x(a, b) = sum over j >= a of C(n, j) x^j (1 - x)^(n - j), n = a + b - 1 (26.5.24): here 1 - 11/16.
        close(beta_survival(2.0, 3.0, 0.5).unwrap(), 0.312_5);
        close(beta_survival(1.0, 1.0, 0.3).unwrap(), 0.7);
        close(beta_survival(39.0, 83.0, 0.0).unwrap(), 1.0);
        close(beta_survival(39.0, 83.0, 1.0).unwrap(), 0.0);
        assert_eq!(beta_survival(0.0, 1.0, 0.5), None);
    }

    #[test]
    fn gamma_agrees_with_the_poisson_sum() {
        // Q(n, x) = exp(-x) * sum over k < n of x^k / k! (6.5.13).
        close(gamma_survival(1.0, 2.0).unwrap(), (-2.0_f64).exp());
        close(gamma_survival(3.0, 2.0).unwrap(), 5.0 * (-2.0_f64).exp());
        close(gamma_survival(0.5, 0.0).unwrap(), 1.0);
    }
}
